module @dynamic_update attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<2x4x3xf32> loc("x"), %arg1: tensor<i32> loc("start"), %arg2: tensor<2x3x2xf32> loc("part")) -> (tensor<2x4x3xf32>, tensor<2x4x3xf32>) {
    %0 = stablehlo.transpose %arg2, dims = [2, 0, 1] : (tensor<2x3x2xf32>) -> tensor<2x2x3xf32> loc("PartPrograms.java")
    %1 = stablehlo.constant dense<0> : tensor<i32> loc("PartPrograms.java")
    %2 = stablehlo.dynamic_update_slice %arg0, %0, %1, %arg1, %1 : (tensor<2x4x3xf32>, tensor<2x2x3xf32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<2x4x3xf32> loc("PartPrograms.java")
    %3 = stablehlo.constant dense<9> : tensor<i32> loc("PartPrograms.java")
    %4 = stablehlo.add %arg1, %3 : tensor<i32> loc("PartPrograms.java")
    %5 = stablehlo.constant dense<0> : tensor<i32> loc("PartPrograms.java")
    %6 = stablehlo.dynamic_update_slice %arg0, %0, %5, %4, %5 : (tensor<2x4x3xf32>, tensor<2x2x3xf32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<2x4x3xf32> loc("PartPrograms.java")
    return %2, %6 : tensor<2x4x3xf32>, tensor<2x4x3xf32>
  }
}
