module @checkpoint_gradient_everything attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<2xf32> loc("x"), %arg1: tensor<2x3xf32> loc("w")) -> (tensor<f32>, tensor<2xf32>, tensor<2x3xf32>) {
    %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [0] x [0] : (tensor<2xf32>, tensor<2x3xf32>) -> tensor<3xf32> loc("LoopPrograms.java")
    %1 = stablehlo.tanh %0 : tensor<3xf32> loc("LoopPrograms.java")
    %2 = stablehlo.dot_general %1, %arg1, contracting_dims = [0] x [1] : (tensor<3xf32>, tensor<2x3xf32>) -> tensor<2xf32> loc("LoopPrograms.java")
    %3 = stablehlo.exponential %2 : tensor<2xf32> loc("LoopPrograms.java")
    %4 = stablehlo.constant dense<0.0> : tensor<f32> loc("LoopPrograms.java")
    %5 = stablehlo.reduce(%3 init: %4) applies stablehlo.add across dimensions = [0] : (tensor<2xf32>, tensor<f32>) -> tensor<f32> loc("LoopPrograms.java")
    %6 = stablehlo.constant dense<1.0> : tensor<2xf32> loc("LoopPrograms.java")
    %7:3 = stablehlo.optimization_barrier %arg0, %arg1, %6 : tensor<2xf32>, tensor<2x3xf32>, tensor<2xf32> loc("LoopPrograms.java")
    %8 = stablehlo.dot_general %7#0, %7#1, contracting_dims = [0] x [0] : (tensor<2xf32>, tensor<2x3xf32>) -> tensor<3xf32> loc("LoopPrograms.java")
    %9 = stablehlo.tanh %8 : tensor<3xf32> loc("LoopPrograms.java")
    %10 = stablehlo.dot_general %9, %7#1, contracting_dims = [0] x [1] : (tensor<3xf32>, tensor<2x3xf32>) -> tensor<2xf32> loc("LoopPrograms.java")
    %11 = stablehlo.exponential %10 : tensor<2xf32> loc("LoopPrograms.java")
    %12 = stablehlo.multiply %7#2, %11 : tensor<2xf32> loc("LoopPrograms.java")
    %13 = stablehlo.dot_general %7#1, %12, contracting_dims = [0] x [0] : (tensor<2x3xf32>, tensor<2xf32>) -> tensor<3xf32> loc("LoopPrograms.java")
    %14 = stablehlo.multiply %9, %9 : tensor<3xf32> loc("LoopPrograms.java")
    %15 = stablehlo.multiply %13, %14 : tensor<3xf32> loc("LoopPrograms.java")
    %16 = stablehlo.subtract %13, %15 : tensor<3xf32> loc("LoopPrograms.java")
    %17 = stablehlo.dot_general %7#1, %16, contracting_dims = [1] x [0] : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2xf32> loc("LoopPrograms.java")
    %18 = stablehlo.dot_general %12, %9, contracting_dims = [] x [] : (tensor<2xf32>, tensor<3xf32>) -> tensor<2x3xf32> loc("LoopPrograms.java")
    %19 = stablehlo.dot_general %7#0, %16, contracting_dims = [] x [] : (tensor<2xf32>, tensor<3xf32>) -> tensor<2x3xf32> loc("LoopPrograms.java")
    %20 = stablehlo.add %18, %19 : tensor<2x3xf32> loc("LoopPrograms.java")
    return %5, %17, %20 : tensor<f32>, tensor<2xf32>, tensor<2x3xf32>
  }
}
