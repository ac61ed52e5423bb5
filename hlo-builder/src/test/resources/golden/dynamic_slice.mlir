module @dynamic_slice attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<2x4x3xf32> loc("x"), %arg1: tensor<i32> loc("start"), %arg2: tensor<4xf32> loc("y"), %arg3: tensor<i64> loc("wide")) -> (tensor<2x2x3xf32>, tensor<1x4x3xf32>, tensor<3xf32>) {
    %0 = stablehlo.constant dense<0> : tensor<i32> loc("PartPrograms.java")
    %1 = stablehlo.dynamic_slice %arg0, %0, %arg1, %0, sizes = [2, 2, 3] : (tensor<2x4x3xf32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<2x2x3xf32> loc("PartPrograms.java")
    %2 = stablehlo.constant dense<7> : tensor<i32> loc("PartPrograms.java")
    %3 = stablehlo.add %arg1, %2 : tensor<i32> loc("PartPrograms.java")
    %4 = stablehlo.constant dense<0> : tensor<i32> loc("PartPrograms.java")
    %5 = stablehlo.dynamic_slice %arg0, %3, %4, %4, sizes = [1, 4, 3] : (tensor<2x4x3xf32>, tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<1x4x3xf32> loc("PartPrograms.java")
    %6 = stablehlo.dynamic_slice %arg2, %arg3, sizes = [3] : (tensor<4xf32>, tensor<i64>) -> tensor<3xf32> loc("PartPrograms.java")
    return %1, %5, %6 : tensor<2x2x3xf32>, tensor<1x4x3xf32>, tensor<3xf32>
  }
}
