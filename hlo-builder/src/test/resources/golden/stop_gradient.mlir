module @stop_gradient attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<2xf32> loc("x")) -> (tensor<f32>, tensor<2xf32>) {
    %0 = stablehlo.exponential %arg0 : tensor<2xf32> loc("LoopPrograms.java")
    %1 = stablehlo.multiply %arg0, %0 : tensor<2xf32> loc("LoopPrograms.java")
    %2 = stablehlo.constant dense<0.0> : tensor<f32> loc("LoopPrograms.java")
    %3 = stablehlo.reduce(%1 init: %2) applies stablehlo.add across dimensions = [0] : (tensor<2xf32>, tensor<f32>) -> tensor<f32> loc("LoopPrograms.java")
    %4 = stablehlo.constant dense<1.0> : tensor<2xf32> loc("LoopPrograms.java")
    %5 = stablehlo.multiply %4, %0 : tensor<2xf32> loc("LoopPrograms.java")
    return %3, %5 : tensor<f32>, tensor<2xf32>
  }
}
