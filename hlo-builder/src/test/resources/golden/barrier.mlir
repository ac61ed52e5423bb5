module @barrier attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<2xf32> loc("x"), %arg1: tensor<3xi32> loc("n")) -> (tensor<2xf32>, tensor<3xi32>) {
    %0 = stablehlo.exponential %arg0 : tensor<2xf32> loc("LoopPrograms.java")
    %1:2 = stablehlo.optimization_barrier %0, %arg1 : tensor<2xf32>, tensor<3xi32> loc("LoopPrograms.java")
    return %1#0, %1#1 : tensor<2xf32>, tensor<3xi32>
  }
}
