module @pad attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<2x3xf32> loc("x"), %arg1: tensor<2xi32> loc("n")) -> (tensor<3x3xf32>, tensor<2x8xf32>, tensor<3xi32>) {
    %0 = stablehlo.constant dense<0.0> : tensor<f32> loc("PartPrograms.java")
    %1 = stablehlo.pad %arg0, %0, low = [1, 0], high = [0, 0], interior = [0, 0] : (tensor<2x3xf32>, tensor<f32>) -> tensor<3x3xf32> loc("PartPrograms.java")
    %2 = stablehlo.constant dense<0.0> : tensor<f32> loc("PartPrograms.java")
    %3 = stablehlo.pad %arg0, %2, low = [0, 2], high = [0, 3], interior = [0, 0] : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x8xf32> loc("PartPrograms.java")
    %4 = stablehlo.constant dense<0> : tensor<i32> loc("PartPrograms.java")
    %5 = stablehlo.pad %arg1, %4, low = [0], high = [1], interior = [0] : (tensor<2xi32>, tensor<i32>) -> tensor<3xi32> loc("PartPrograms.java")
    return %1, %3, %5 : tensor<3x3xf32>, tensor<2x8xf32>, tensor<3xi32>
  }
}
