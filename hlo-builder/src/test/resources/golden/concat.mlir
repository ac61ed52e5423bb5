module @concat attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<2x3xf32> loc("x"), %arg1: tensor<2x2xf32> loc("y")) -> (tensor<2x7xf32>, tensor<4x3xf32>) {
    %0 = stablehlo.transpose %arg1, dims = [1, 0] : (tensor<2x2xf32>) -> tensor<2x2xf32> loc("PartPrograms.java")
    %1 = stablehlo.constant dense<0.0> : tensor<2x2xf32> loc("PartPrograms.java")
    %2 = stablehlo.concatenate %arg0, %0, %1, dim = 1 : (tensor<2x3xf32>, tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x7xf32> loc("PartPrograms.java")
    %3 = stablehlo.concatenate %arg0, %arg0, dim = 0 : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<4x3xf32> loc("PartPrograms.java")
    return %2, %3 : tensor<2x7xf32>, tensor<4x3xf32>
  }
}
