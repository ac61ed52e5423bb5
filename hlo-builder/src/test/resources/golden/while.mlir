module @while attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<i32> loc("limit"), %arg1: tensor<2xf32> loc("step"), %arg2: tensor<3x2xf32> loc("x")) -> (tensor<i32>, tensor<3x2xf32>) {
    %0 = stablehlo.constant dense<3> : tensor<i32> loc("LoopPrograms.java")
    %1 = stablehlo.multiply %arg0, %0 : tensor<i32> loc("LoopPrograms.java")
    %2 = stablehlo.exponential %arg1 : tensor<2xf32> loc("LoopPrograms.java")
    %3 = stablehlo.constant dense<0> : tensor<i32> loc("LoopPrograms.java")
    %8:4 = stablehlo.while(%4 = %3, %5 = %arg2, %6 = %1, %7 = %2) : tensor<i32>, tensor<3x2xf32>, tensor<i32>, tensor<2xf32>
    cond {
      %9 = stablehlo.compare LT, %4, %6, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1> loc("LoopPrograms.java")
      stablehlo.return %9 : tensor<i1> loc("LoopPrograms.java")
    } do {
      %10 = stablehlo.constant dense<1> : tensor<i32> loc("LoopPrograms.java")
      %11 = stablehlo.add %4, %10 : tensor<i32> loc("LoopPrograms.java")
      %12 = stablehlo.constant dense<0.5> : tensor<3x2xf32> loc("LoopPrograms.java")
      %13 = stablehlo.multiply %5, %12 : tensor<3x2xf32> loc("LoopPrograms.java")
      %14 = stablehlo.broadcast_in_dim %7, dims = [1] : (tensor<2xf32>) -> tensor<3x2xf32> loc("LoopPrograms.java")
      %15 = stablehlo.add %14, %13 : tensor<3x2xf32> loc("LoopPrograms.java")
      stablehlo.return %11, %15, %6, %7 : tensor<i32>, tensor<3x2xf32>, tensor<i32>, tensor<2xf32> loc("LoopPrograms.java")
    } loc("LoopPrograms.java")
    return %8#0, %8#1 : tensor<i32>, tensor<3x2xf32>
  }
}
