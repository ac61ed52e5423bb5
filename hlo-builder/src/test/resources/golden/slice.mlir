module @slice attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<2x4x3xf32> loc("x")) -> (tensor<2x2x3xf32>, tensor<2x4x1xf32>, tensor<4x3xf32>) {
    %0 = stablehlo.slice %arg0 [1:2, 0:4, 0:3] : (tensor<2x4x3xf32>) -> tensor<1x4x3xf32> loc("PartPrograms.java")
    %1 = stablehlo.reshape %0 : (tensor<1x4x3xf32>) -> tensor<4x3xf32> loc("PartPrograms.java")
    %2 = stablehlo.slice %arg0 [0:2, 1:3, 0:3] : (tensor<2x4x3xf32>) -> tensor<2x2x3xf32> loc("PartPrograms.java")
    %3 = stablehlo.slice %arg0 [0:2, 0:4, 2:3] : (tensor<2x4x3xf32>) -> tensor<2x4x1xf32> loc("PartPrograms.java")
    return %2, %3, %1 : tensor<2x2x3xf32>, tensor<2x4x1xf32>, tensor<4x3xf32>
  }
}
