module @checkpoint_gradient_dots attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<2xf32> loc("x"), %arg1: tensor<2x3xf32> loc("w")) -> (tensor<f32>, tensor<2xf32>, tensor<2x3xf32>) {
    %0 = stablehlo.constant dense<0.25> : tensor<2x3xf32> loc("LoopPrograms.java")
    %1 = stablehlo.multiply %arg1, %0 : tensor<2x3xf32> loc("LoopPrograms.java")
    %2 = stablehlo.dot_general %arg0, %1, contracting_dims = [0] x [0] : (tensor<2xf32>, tensor<2x3xf32>) -> tensor<3xf32> loc("LoopPrograms.java")
    %3 = stablehlo.tanh %2 : tensor<3xf32> loc("LoopPrograms.java")
    %4 = stablehlo.dot_general %3, %1, contracting_dims = [0] x [1] : (tensor<3xf32>, tensor<2x3xf32>) -> tensor<2xf32> loc("LoopPrograms.java")
    %5 = stablehlo.exponential %4 : tensor<2xf32> loc("LoopPrograms.java")
    %6 = stablehlo.constant dense<0.0> : tensor<f32> loc("LoopPrograms.java")
    %7 = stablehlo.reduce(%5 init: %6) applies stablehlo.add across dimensions = [0] : (tensor<2xf32>, tensor<f32>) -> tensor<f32> loc("LoopPrograms.java")
    %8 = stablehlo.constant dense<1.0> : tensor<2xf32> loc("LoopPrograms.java")
    %9:3 = stablehlo.optimization_barrier %arg0, %arg1, %8 : tensor<2xf32>, tensor<2x3xf32>, tensor<2xf32> loc("LoopPrograms.java")
    %10 = stablehlo.multiply %9#1, %0 : tensor<2x3xf32> loc("LoopPrograms.java")
    %11 = stablehlo.exponential %4 : tensor<2xf32> loc("LoopPrograms.java")
    %12 = stablehlo.multiply %9#2, %11 : tensor<2xf32> loc("LoopPrograms.java")
    %13 = stablehlo.dot_general %10, %12, contracting_dims = [0] x [0] : (tensor<2x3xf32>, tensor<2xf32>) -> tensor<3xf32> loc("LoopPrograms.java")
    %14 = stablehlo.tanh %2 : tensor<3xf32> loc("LoopPrograms.java")
    %15 = stablehlo.multiply %14, %14 : tensor<3xf32> loc("LoopPrograms.java")
    %16 = stablehlo.multiply %13, %15 : tensor<3xf32> loc("LoopPrograms.java")
    %17 = stablehlo.subtract %13, %16 : tensor<3xf32> loc("LoopPrograms.java")
    %18 = stablehlo.dot_general %10, %17, contracting_dims = [1] x [0] : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2xf32> loc("LoopPrograms.java")
    %19 = stablehlo.dot_general %12, %14, contracting_dims = [] x [] : (tensor<2xf32>, tensor<3xf32>) -> tensor<2x3xf32> loc("LoopPrograms.java")
    %20 = stablehlo.dot_general %9#0, %17, contracting_dims = [] x [] : (tensor<2xf32>, tensor<3xf32>) -> tensor<2x3xf32> loc("LoopPrograms.java")
    %21 = stablehlo.add %19, %20 : tensor<2x3xf32> loc("LoopPrograms.java")
    %22 = stablehlo.multiply %21, %0 : tensor<2x3xf32> loc("LoopPrograms.java")
    return %7, %18, %22 : tensor<f32>, tensor<2xf32>, tensor<2x3xf32>
  }
}
