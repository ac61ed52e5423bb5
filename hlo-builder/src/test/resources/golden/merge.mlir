module @merge attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<2x3x4xf32> loc("x")) -> (tensor<6x4xf32>, tensor<2x12xf32>, tensor<8x3xf32>, tensor<24xf32>) {
    %0 = stablehlo.reshape %arg0 : (tensor<2x3x4xf32>) -> tensor<6x4xf32> loc("AxisPrograms.java")
    %1 = stablehlo.reshape %arg0 : (tensor<2x3x4xf32>) -> tensor<2x12xf32> loc("AxisPrograms.java")
    %2 = stablehlo.transpose %arg0, dims = [1, 0, 2] : (tensor<2x3x4xf32>) -> tensor<3x2x4xf32> loc("AxisPrograms.java")
    %3 = stablehlo.reshape %2 : (tensor<3x2x4xf32>) -> tensor<3x8xf32> loc("AxisPrograms.java")
    %4 = stablehlo.transpose %arg0, dims = [2, 1, 0] : (tensor<2x3x4xf32>) -> tensor<4x3x2xf32> loc("AxisPrograms.java")
    %5 = stablehlo.reshape %4 : (tensor<4x3x2xf32>) -> tensor<24xf32> loc("AxisPrograms.java")
    %6 = stablehlo.transpose %3, dims = [1, 0] : (tensor<3x8xf32>) -> tensor<8x3xf32> loc("AxisPrograms.java")
    return %0, %1, %6, %5 : tensor<6x4xf32>, tensor<2x12xf32>, tensor<8x3xf32>, tensor<24xf32>
  }
}
