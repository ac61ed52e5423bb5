module @slice attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<2x4x3xf32> loc("x")) -> (tensor<2x2x3xf32>, tensor<2x4x1xf32>, tensor<4x3xf32>) {
    %0 = stablehlo.slice %arg0 [1:2, 0:4, 0:3] : (tensor<2x4x3xf32>) -> tensor<1x4x3xf32> loc("PartPrograms.java")
    %1 = stablehlo.constant dense<0.0> : tensor<f32> loc("PartPrograms.java")
    %2 = stablehlo.reduce(%0 init: %1) applies stablehlo.add across dimensions = [0] : (tensor<1x4x3xf32>, tensor<f32>) -> tensor<4x3xf32> loc("PartPrograms.java")
    %3 = stablehlo.slice %arg0 [0:2, 1:3, 0:3] : (tensor<2x4x3xf32>) -> tensor<2x2x3xf32> loc("PartPrograms.java")
    %4 = stablehlo.slice %arg0 [0:2, 0:4, 2:3] : (tensor<2x4x3xf32>) -> tensor<2x4x1xf32> loc("PartPrograms.java")
    return %3, %4, %2 : tensor<2x2x3xf32>, tensor<2x4x1xf32>, tensor<4x3xf32>
  }
}
