module @rename attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<2x3xf32> loc("x")) -> (tensor<2x3xf32>, tensor<2x2xf32>) {
    %0 = stablehlo.dot_general %arg0, %arg0, contracting_dims = [1] x [1] : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x2xf32> loc("AxisPrograms.java")
    return %arg0, %0 : tensor<2x3xf32>, tensor<2x2xf32>
  }
}
