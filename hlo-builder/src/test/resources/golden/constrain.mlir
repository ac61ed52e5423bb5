module @constrain attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<2x3xf32> loc("x")) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
    %0 = stablehlo.constant dense<2.0> : tensor<2x3xf32> loc("PartPrograms.java")
    %1 = stablehlo.multiply %arg0, %0 : tensor<2x3xf32> loc("PartPrograms.java")
    %2 = stablehlo.exponential %arg0 : tensor<2x3xf32> loc("PartPrograms.java")
    return %1, %2 : tensor<2x3xf32>, tensor<2x3xf32>
  }
}
