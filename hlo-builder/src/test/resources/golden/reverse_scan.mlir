module @reverse_scan attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<2x3xf32> loc("w"), %arg1: tensor<3xf32> loc("scale"), %arg2: tensor<2xf32> loc("carry"), %arg3: tensor<2x4xf32> loc("xs")) -> (tensor<2xf32>, tensor<4x3xf32>) {
    %0 = stablehlo.constant dense<0.25> : tensor<2x3xf32> loc("LoopPrograms.java")
    %1 = stablehlo.multiply %arg0, %0 : tensor<2x3xf32> loc("LoopPrograms.java")
    %2 = stablehlo.logistic %arg1 : tensor<3xf32> loc("LoopPrograms.java")
    %3 = stablehlo.constant dense<0> : tensor<i32> loc("LoopPrograms.java")
    %4 = stablehlo.constant dense<0.0> : tensor<4x3xf32> loc("LoopPrograms.java")
    %5 = stablehlo.transpose %arg3, dims = [1, 0] : (tensor<2x4xf32>) -> tensor<4x2xf32> loc("LoopPrograms.java")
    %12:6 = stablehlo.while(%6 = %3, %7 = %arg2, %8 = %4, %9 = %5, %10 = %1, %11 = %2) : tensor<i32>, tensor<2xf32>, tensor<4x3xf32>, tensor<4x2xf32>, tensor<2x3xf32>, tensor<3xf32>
    cond {
      %13 = stablehlo.constant dense<4> : tensor<i32> loc("LoopPrograms.java")
      %14 = stablehlo.compare LT, %6, %13, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1> loc("LoopPrograms.java")
      stablehlo.return %14 : tensor<i1> loc("LoopPrograms.java")
    } do {
      %15 = stablehlo.constant dense<3> : tensor<i32> loc("LoopPrograms.java")
      %16 = stablehlo.subtract %15, %6 : (tensor<i32>, tensor<i32>) -> tensor<i32> loc("LoopPrograms.java")
      %17 = stablehlo.constant dense<0> : tensor<i32> loc("LoopPrograms.java")
      %18 = stablehlo.dynamic_slice %9, %16, %17, sizes = [1, 2] : (tensor<4x2xf32>, tensor<i32>, tensor<i32>) -> tensor<1x2xf32> loc("LoopPrograms.java")
      %19 = stablehlo.reshape %18 : (tensor<1x2xf32>) -> tensor<2xf32> loc("LoopPrograms.java")
      %20 = stablehlo.constant dense<1> : tensor<i32> loc("LoopPrograms.java")
      %21 = stablehlo.add %6, %20 : (tensor<i32>, tensor<i32>) -> tensor<i32> loc("LoopPrograms.java")
      %22 = stablehlo.dot_general %7, %10, contracting_dims = [0] x [0] : (tensor<2xf32>, tensor<2x3xf32>) -> tensor<3xf32> loc("LoopPrograms.java")
      %23 = stablehlo.multiply %22, %11 : tensor<3xf32> loc("LoopPrograms.java")
      %24 = stablehlo.tanh %23 : tensor<3xf32> loc("LoopPrograms.java")
      %25 = stablehlo.dot_general %24, %10, contracting_dims = [0] x [1] : (tensor<3xf32>, tensor<2x3xf32>) -> tensor<2xf32> loc("LoopPrograms.java")
      %26 = stablehlo.add %25, %19 : tensor<2xf32> loc("LoopPrograms.java")
      %27 = stablehlo.reshape %24 : (tensor<3xf32>) -> tensor<1x3xf32> loc("LoopPrograms.java")
      %28 = stablehlo.constant dense<0> : tensor<i32> loc("LoopPrograms.java")
      %29 = stablehlo.dynamic_update_slice %8, %27, %16, %28 : (tensor<4x3xf32>, tensor<1x3xf32>, tensor<i32>, tensor<i32>) -> tensor<4x3xf32> loc("LoopPrograms.java")
      stablehlo.return %21, %26, %29, %9, %10, %11 : tensor<i32>, tensor<2xf32>, tensor<4x3xf32>, tensor<4x2xf32>, tensor<2x3xf32>, tensor<3xf32> loc("LoopPrograms.java")
    } loc("LoopPrograms.java")
    return %12#1, %12#2 : tensor<2xf32>, tensor<4x3xf32>
  }
}
