module @interleaved_dot attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<2x3x4xf32> loc("x"), %arg1: tensor<4x6x2xf32> loc("v"), %arg2: tensor<3x6x2xf32> loc("w"), %arg3: tensor<4x3x2xf32> loc("y")) -> (tensor<3x6xf32>, tensor<2x4x6xf32>, tensor<2x4xf32>) {
    %0 = stablehlo.transpose %arg0, dims = [0, 2, 1] : (tensor<2x3x4xf32>) -> tensor<2x4x3xf32> loc("AxisPrograms.java")
    %1 = stablehlo.reshape %0 : (tensor<2x4x3xf32>) -> tensor<8x3xf32> loc("AxisPrograms.java")
    %2 = stablehlo.transpose %arg1, dims = [2, 0, 1] : (tensor<4x6x2xf32>) -> tensor<2x4x6xf32> loc("AxisPrograms.java")
    %3 = stablehlo.reshape %2 : (tensor<2x4x6xf32>) -> tensor<8x6xf32> loc("AxisPrograms.java")
    %4 = stablehlo.dot_general %1, %3, contracting_dims = [0] x [0] : (tensor<8x3xf32>, tensor<8x6xf32>) -> tensor<3x6xf32> loc("AxisPrograms.java")
    %5 = stablehlo.transpose %arg2, dims = [2, 0, 1] : (tensor<3x6x2xf32>) -> tensor<2x3x6xf32> loc("AxisPrograms.java")
    %6 = stablehlo.dot_general %arg0, %5, batching_dims = [0] x [0], contracting_dims = [1] x [1] : (tensor<2x3x4xf32>, tensor<2x3x6xf32>) -> tensor<2x4x6xf32> loc("AxisPrograms.java")
    %7 = stablehlo.reshape %0 : (tensor<2x4x3xf32>) -> tensor<8x3xf32> loc("AxisPrograms.java")
    %8 = stablehlo.transpose %arg3, dims = [2, 0, 1] : (tensor<4x3x2xf32>) -> tensor<2x4x3xf32> loc("AxisPrograms.java")
    %9 = stablehlo.reshape %8 : (tensor<2x4x3xf32>) -> tensor<8x3xf32> loc("AxisPrograms.java")
    %10 = stablehlo.dot_general %7, %9, batching_dims = [0] x [0], contracting_dims = [1] x [1] : (tensor<8x3xf32>, tensor<8x3xf32>) -> tensor<8xf32> loc("AxisPrograms.java")
    %11 = stablehlo.reshape %10 : (tensor<8xf32>) -> tensor<2x4xf32> loc("AxisPrograms.java")
    return %4, %6, %11 : tensor<3x6xf32>, tensor<2x4x6xf32>, tensor<2x4xf32>
  }
}
