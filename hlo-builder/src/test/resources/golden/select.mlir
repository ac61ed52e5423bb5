module @select attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<3x2xi1> loc("c"), %arg1: tensor<2x3xf32> loc("x"), %arg2: tensor<3x2xf32> loc("y"), %arg3: tensor<3xi1> loc("d")) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
    %0 = stablehlo.transpose %arg2, dims = [1, 0] : (tensor<3x2xf32>) -> tensor<2x3xf32> loc("ElementwisePrograms.java")
    %1 = stablehlo.transpose %arg0, dims = [1, 0] : (tensor<3x2xi1>) -> tensor<2x3xi1> loc("ElementwisePrograms.java")
    %2 = stablehlo.select %1, %arg1, %0 : tensor<2x3xi1>, tensor<2x3xf32> loc("ElementwisePrograms.java")
    %3 = stablehlo.constant dense<0.0> : tensor<2x3xf32> loc("ElementwisePrograms.java")
    %4 = stablehlo.broadcast_in_dim %arg3, dims = [1] : (tensor<3xi1>) -> tensor<2x3xi1> loc("ElementwisePrograms.java")
    %5 = stablehlo.select %4, %arg1, %3 : tensor<2x3xi1>, tensor<2x3xf32> loc("ElementwisePrograms.java")
    return %2, %5 : tensor<2x3xf32>, tensor<2x3xf32>
  }
}
