module @donation attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<2x3xf32> {tf.aliasing_output = 1 : i32} loc("x"), %arg1: tensor<3xf32> loc("y")) -> (tensor<f32>, tensor<2x3xf32>) {
    %0 = stablehlo.constant dense<0.0> : tensor<f32> loc("AxisPrograms.java")
    %1 = stablehlo.reduce(%arg0 init: %0) applies stablehlo.add across dimensions = [0, 1] : (tensor<2x3xf32>, tensor<f32>) -> tensor<f32> loc("AxisPrograms.java")
    %2 = stablehlo.broadcast_in_dim %arg1, dims = [1] : (tensor<3xf32>) -> tensor<2x3xf32> loc("AxisPrograms.java")
    %3 = stablehlo.add %arg0, %2 : tensor<2x3xf32> loc("AxisPrograms.java")
    return %1, %3 : tensor<f32>, tensor<2x3xf32>
  }
}
