module @broadcast attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<f32> loc("s"), %arg1: tensor<3xf32> loc("x"), %arg2: tensor<2x4xf32> loc("y")) -> (tensor<2x3xf32>, tensor<2x3x4xf32>, tensor<4x3x2xf32>, tensor<2x4xf32>, tensor<2x3xf32>) {
    %0 = stablehlo.constant dense<0.0> : tensor<f32> loc("AxisPrograms.java")
    %1 = stablehlo.reduce(%arg1 init: %0) applies stablehlo.add across dimensions = [0] : (tensor<3xf32>, tensor<f32>) -> tensor<f32> loc("AxisPrograms.java")
    %2 = stablehlo.broadcast_in_dim %1, dims = [] : (tensor<f32>) -> tensor<2x4xf32> loc("AxisPrograms.java")
    %3 = stablehlo.add %arg2, %2 : tensor<2x4xf32> loc("AxisPrograms.java")
    %4 = stablehlo.constant dense<2.0> : tensor<3xf32> loc("AxisPrograms.java")
    %5 = stablehlo.multiply %arg1, %4 : tensor<3xf32> loc("AxisPrograms.java")
    %6 = stablehlo.broadcast_in_dim %arg1, dims = [1] : (tensor<3xf32>) -> tensor<1x3xf32> loc("ReferencePipeline.java")
    %7 = stablehlo.broadcast_in_dim %5, dims = [1] : (tensor<3xf32>) -> tensor<1x3xf32> loc("ReferencePipeline.java")
    %8 = stablehlo.concatenate %6, %7, dim = 0 : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<2x3xf32> loc("AxisPrograms.java")
    %9 = stablehlo.broadcast_in_dim %arg0, dims = [] : (tensor<f32>) -> tensor<2x3xf32> loc("AxisPrograms.java")
    %10 = stablehlo.broadcast_in_dim %arg1, dims = [1] : (tensor<3xf32>) -> tensor<2x3x4xf32> loc("AxisPrograms.java")
    %11 = stablehlo.broadcast_in_dim %arg2, dims = [2, 0] : (tensor<2x4xf32>) -> tensor<4x3x2xf32> loc("AxisPrograms.java")
    return %9, %10, %11, %3, %8 : tensor<2x3xf32>, tensor<2x3x4xf32>, tensor<4x3x2xf32>, tensor<2x4xf32>, tensor<2x3xf32>
  }
}
