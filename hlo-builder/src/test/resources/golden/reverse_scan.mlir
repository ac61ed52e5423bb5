module @reverse_scan attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<3xf32> loc("scale"), %arg1: tensor<2xf32> loc("carry"), %arg2: tensor<2x4xf32> loc("xs"), %arg3: tensor<2x3xf32> loc("w")) -> (tensor<2xf32>, tensor<4x3xf32>) {
    %0 = stablehlo.exponential %arg0 : tensor<3xf32> loc("LoopPrograms.java")
    %1 = stablehlo.constant dense<0> : tensor<i32> loc("LoopPrograms.java")
    %2 = stablehlo.constant dense<0.0> : tensor<4x3xf32> loc("LoopPrograms.java")
    %3 = stablehlo.transpose %arg2, dims = [1, 0] : (tensor<2x4xf32>) -> tensor<4x2xf32> loc("LoopPrograms.java")
    %10:6 = stablehlo.while(%4 = %1, %5 = %arg1, %6 = %2, %7 = %3, %8 = %arg3, %9 = %0) : tensor<i32>, tensor<2xf32>, tensor<4x3xf32>, tensor<4x2xf32>, tensor<2x3xf32>, tensor<3xf32>
    cond {
      %11 = stablehlo.constant dense<4> : tensor<i32> loc("LoopPrograms.java")
      %12 = stablehlo.compare LT, %4, %11, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1> loc("LoopPrograms.java")
      stablehlo.return %12 : tensor<i1> loc("LoopPrograms.java")
    } do {
      %13 = stablehlo.constant dense<3> : tensor<i32> loc("LoopPrograms.java")
      %14 = stablehlo.subtract %13, %4 : (tensor<i32>, tensor<i32>) -> tensor<i32> loc("LoopPrograms.java")
      %15 = stablehlo.constant dense<0> : tensor<i32> loc("LoopPrograms.java")
      %16 = stablehlo.dynamic_slice %7, %14, %15, sizes = [1, 2] : (tensor<4x2xf32>, tensor<i32>, tensor<i32>) -> tensor<1x2xf32> loc("LoopPrograms.java")
      %17 = stablehlo.reshape %16 : (tensor<1x2xf32>) -> tensor<2xf32> loc("LoopPrograms.java")
      %18 = stablehlo.constant dense<1> : tensor<i32> loc("LoopPrograms.java")
      %19 = stablehlo.add %4, %18 : (tensor<i32>, tensor<i32>) -> tensor<i32> loc("LoopPrograms.java")
      %20 = stablehlo.dot_general %5, %8, contracting_dims = [0] x [0] : (tensor<2xf32>, tensor<2x3xf32>) -> tensor<3xf32> loc("LoopPrograms.java")
      %21 = stablehlo.multiply %20, %9 : tensor<3xf32> loc("LoopPrograms.java")
      %22 = stablehlo.tanh %21 : tensor<3xf32> loc("LoopPrograms.java")
      %23 = stablehlo.dot_general %22, %8, contracting_dims = [0] x [1] : (tensor<3xf32>, tensor<2x3xf32>) -> tensor<2xf32> loc("LoopPrograms.java")
      %24 = stablehlo.add %23, %17 : tensor<2xf32> loc("LoopPrograms.java")
      %25 = stablehlo.reshape %22 : (tensor<3xf32>) -> tensor<1x3xf32> loc("LoopPrograms.java")
      %26 = stablehlo.constant dense<0> : tensor<i32> loc("LoopPrograms.java")
      %27 = stablehlo.dynamic_update_slice %6, %25, %14, %26 : (tensor<4x3xf32>, tensor<1x3xf32>, tensor<i32>, tensor<i32>) -> tensor<4x3xf32> loc("LoopPrograms.java")
      stablehlo.return %19, %24, %27, %7, %8, %9 : tensor<i32>, tensor<2xf32>, tensor<4x3xf32>, tensor<4x2xf32>, tensor<2x3xf32>, tensor<3xf32> loc("LoopPrograms.java")
    } loc("LoopPrograms.java")
    return %10#1, %10#2 : tensor<2xf32>, tensor<4x3xf32>
  }
}
