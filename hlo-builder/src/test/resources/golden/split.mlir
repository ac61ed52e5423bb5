module @split attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<2x6x4xf32> loc("x")) -> (tensor<2x2x3x4xf32>, tensor<2x6x1x2xf32>) {
    %0 = stablehlo.reshape %arg0 : (tensor<2x6x4xf32>) -> tensor<2x2x3x4xf32> loc("AxisPrograms.java")
    %1 = stablehlo.reshape %arg0 : (tensor<2x6x4xf32>) -> tensor<2x6x2x1x2xf32> loc("AxisPrograms.java")
    %2 = stablehlo.constant dense<0.0> : tensor<f32> loc("AxisPrograms.java")
    %3 = stablehlo.reduce(%1 init: %2) applies stablehlo.add across dimensions = [2] : (tensor<2x6x2x1x2xf32>, tensor<f32>) -> tensor<2x6x1x2xf32> loc("AxisPrograms.java")
    return %0, %3 : tensor<2x2x3x4xf32>, tensor<2x6x1x2xf32>
  }
}
