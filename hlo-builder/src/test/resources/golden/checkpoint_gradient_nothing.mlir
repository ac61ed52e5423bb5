module @checkpoint_gradient_nothing attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<2xf32> loc("x"), %arg1: tensor<2x3xf32> loc("w")) -> (tensor<f32>, tensor<2xf32>, tensor<2x3xf32>) {
    %0 = stablehlo.constant dense<0.25> : tensor<2x3xf32> loc("LoopPrograms.java")
    %1 = stablehlo.multiply %arg1, %0 : tensor<2x3xf32> loc("LoopPrograms.java")
    %2 = stablehlo.dot_general %arg0, %1, contracting_dims = [0] x [0] : (tensor<2xf32>, tensor<2x3xf32>) -> tensor<3xf32> loc("LoopPrograms.java")
    %3 = stablehlo.tanh %2 : tensor<3xf32> loc("LoopPrograms.java")
    %4 = stablehlo.dot_general %3, %1, contracting_dims = [0] x [1] : (tensor<3xf32>, tensor<2x3xf32>) -> tensor<2xf32> loc("LoopPrograms.java")
    %5 = stablehlo.exponential %4 : tensor<2xf32> loc("LoopPrograms.java")
    %6 = stablehlo.multiply %3, %3 : tensor<3xf32> loc("LoopPrograms.java")
    %7 = stablehlo.constant dense<0.0> : tensor<f32> loc("LoopPrograms.java")
    %8 = stablehlo.reduce(%5 init: %7) applies stablehlo.add across dimensions = [0] : (tensor<2xf32>, tensor<f32>) -> tensor<f32> loc("LoopPrograms.java")
    %9 = stablehlo.constant dense<1.0> : tensor<2xf32> loc("LoopPrograms.java")
    %10:3 = stablehlo.optimization_barrier %arg0, %arg1, %9 : tensor<2xf32>, tensor<2x3xf32>, tensor<2xf32> loc("LoopPrograms.java")
    %11 = stablehlo.multiply %10#2, %5 : tensor<2xf32> loc("LoopPrograms.java")
    %12 = stablehlo.dot_general %1, %11, contracting_dims = [0] x [0] : (tensor<2x3xf32>, tensor<2xf32>) -> tensor<3xf32> loc("LoopPrograms.java")
    %13 = stablehlo.multiply %12, %6 : tensor<3xf32> loc("LoopPrograms.java")
    %14 = stablehlo.subtract %12, %13 : tensor<3xf32> loc("LoopPrograms.java")
    %15 = stablehlo.dot_general %1, %14, contracting_dims = [1] x [0] : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2xf32> loc("LoopPrograms.java")
    %16 = stablehlo.dot_general %11, %3, contracting_dims = [] x [] : (tensor<2xf32>, tensor<3xf32>) -> tensor<2x3xf32> loc("LoopPrograms.java")
    %17 = stablehlo.dot_general %10#0, %14, contracting_dims = [] x [] : (tensor<2xf32>, tensor<3xf32>) -> tensor<2x3xf32> loc("LoopPrograms.java")
    %18 = stablehlo.add %16, %17 : tensor<2x3xf32> loc("LoopPrograms.java")
    %19 = stablehlo.multiply %18, %0 : tensor<2x3xf32> loc("LoopPrograms.java")
    return %8, %15, %19 : tensor<f32>, tensor<2xf32>, tensor<2x3xf32>
  }
}
