module @checkpoint_gradient_dots attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<2xf32> loc("x"), %arg1: tensor<2x3xf32> loc("w")) -> (tensor<f32>, tensor<2xf32>, tensor<2x3xf32>) {
    %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [0] x [0] : (tensor<2xf32>, tensor<2x3xf32>) -> tensor<3xf32> loc("LoopPrograms.java")
    %1 = stablehlo.tanh %0 : tensor<3xf32> loc("LoopPrograms.java")
    %2 = stablehlo.dot_general %1, %arg1, contracting_dims = [0] x [1] : (tensor<3xf32>, tensor<2x3xf32>) -> tensor<2xf32> loc("LoopPrograms.java")
    %3 = stablehlo.exponential %2 : tensor<2xf32> loc("LoopPrograms.java")
    %4 = stablehlo.constant dense<0.0> : tensor<f32> loc("LoopPrograms.java")
    %5 = stablehlo.reduce(%3 init: %4) applies stablehlo.add across dimensions = [0] : (tensor<2xf32>, tensor<f32>) -> tensor<f32> loc("LoopPrograms.java")
    %6 = stablehlo.constant dense<1.0> : tensor<2xf32> loc("LoopPrograms.java")
    %7:3 = stablehlo.optimization_barrier %arg0, %arg1, %6 : tensor<2xf32>, tensor<2x3xf32>, tensor<2xf32> loc("LoopPrograms.java")
    %8 = stablehlo.exponential %2 : tensor<2xf32> loc("LoopPrograms.java")
    %9 = stablehlo.multiply %7#2, %8 : tensor<2xf32> loc("LoopPrograms.java")
    %10 = stablehlo.dot_general %7#1, %9, contracting_dims = [0] x [0] : (tensor<2x3xf32>, tensor<2xf32>) -> tensor<3xf32> loc("LoopPrograms.java")
    %11 = stablehlo.tanh %0 : tensor<3xf32> loc("LoopPrograms.java")
    %12 = stablehlo.multiply %11, %11 : tensor<3xf32> loc("LoopPrograms.java")
    %13 = stablehlo.multiply %10, %12 : tensor<3xf32> loc("LoopPrograms.java")
    %14 = stablehlo.subtract %10, %13 : tensor<3xf32> loc("LoopPrograms.java")
    %15 = stablehlo.dot_general %7#1, %14, contracting_dims = [1] x [0] : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2xf32> loc("LoopPrograms.java")
    %16 = stablehlo.dot_general %9, %11, contracting_dims = [] x [] : (tensor<2xf32>, tensor<3xf32>) -> tensor<2x3xf32> loc("LoopPrograms.java")
    %17 = stablehlo.dot_general %7#0, %14, contracting_dims = [] x [] : (tensor<2xf32>, tensor<3xf32>) -> tensor<2x3xf32> loc("LoopPrograms.java")
    %18 = stablehlo.add %16, %17 : tensor<2x3xf32> loc("LoopPrograms.java")
    return %5, %15, %18 : tensor<f32>, tensor<2xf32>, tensor<2x3xf32>
  }
}
