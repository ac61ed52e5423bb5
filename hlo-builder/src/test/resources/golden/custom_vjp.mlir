module @custom_vjp attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<2xf32> loc("x")) -> (tensor<f32>, tensor<2xf32>) {
    %0 = stablehlo.exponential %arg0 : tensor<2xf32> loc("LoopPrograms.java")
    %1 = stablehlo.constant dense<0.0> : tensor<f32> loc("LoopPrograms.java")
    %2 = stablehlo.reduce(%0 init: %1) applies stablehlo.add across dimensions = [0] : (tensor<2xf32>, tensor<f32>) -> tensor<f32> loc("LoopPrograms.java")
    %3 = stablehlo.constant dense<1.0> : tensor<2xf32> loc("LoopPrograms.java")
    %4 = stablehlo.constant dense<7.0> : tensor<2xf32> loc("LoopPrograms.java")
    %5 = stablehlo.multiply %3, %4 : tensor<2xf32> loc("LoopPrograms.java")
    return %2, %5 : tensor<f32>, tensor<2xf32>
  }
}
