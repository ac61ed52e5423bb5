module @parameter attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<2x3x4xf32> loc("x"), %arg1: tensor<f32> loc("unused")) -> (tensor<2x3x4xf32>, tensor<4x2x3xf32>) {
    %0 = stablehlo.transpose %arg0, dims = [2, 0, 1] : (tensor<2x3x4xf32>) -> tensor<4x2x3xf32> loc("program":1:1)
    return %arg0, %0 : tensor<2x3x4xf32>, tensor<4x2x3xf32>
  }
}
