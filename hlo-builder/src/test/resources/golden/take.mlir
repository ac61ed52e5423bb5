module @take attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<2x3x4xf32> loc("x"), %arg1: tensor<4xi32> loc("one"), %arg2: tensor<2x3xi32> loc("two"), %arg3: tensor<i32> loc("scalar")) -> (tensor<2x4x4xf32>, tensor<2x3x3x4xf32>, tensor<2x3x2x3xf32>, tensor<2x4xf32>) {
    %0 = "stablehlo.gather"(%arg0, %arg1) <{dimension_numbers = #stablehlo.gather<offset_dims = [0, 2], collapsed_slice_dims = [1], start_index_map = [1], index_vector_dim = 1>, indices_are_sorted = false, slice_sizes = array<i64: 2, 1, 4>}> : (tensor<2x3x4xf32>, tensor<4xi32>) -> tensor<2x4x4xf32> loc("PartPrograms.java")
    %1 = "stablehlo.gather"(%arg0, %arg2) <{dimension_numbers = #stablehlo.gather<offset_dims = [2, 3], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = 2>, indices_are_sorted = false, slice_sizes = array<i64: 1, 3, 4>}> : (tensor<2x3x4xf32>, tensor<2x3xi32>) -> tensor<2x3x3x4xf32> loc("PartPrograms.java")
    %2 = stablehlo.constant dense<1> : tensor<2x3xi32> loc("PartPrograms.java")
    %3 = stablehlo.subtract %arg2, %2 : tensor<2x3xi32> loc("PartPrograms.java")
    %4 = "stablehlo.gather"(%arg0, %3) <{dimension_numbers = #stablehlo.gather<offset_dims = [0, 1], collapsed_slice_dims = [2], start_index_map = [2], index_vector_dim = 2>, indices_are_sorted = false, slice_sizes = array<i64: 2, 3, 1>}> : (tensor<2x3x4xf32>, tensor<2x3xi32>) -> tensor<2x3x2x3xf32> loc("PartPrograms.java")
    %5 = "stablehlo.gather"(%arg0, %arg3) <{dimension_numbers = #stablehlo.gather<offset_dims = [0, 1], collapsed_slice_dims = [1], start_index_map = [1], index_vector_dim = 0>, indices_are_sorted = false, slice_sizes = array<i64: 2, 1, 4>}> : (tensor<2x3x4xf32>, tensor<i32>) -> tensor<2x4xf32> loc("PartPrograms.java")
    return %0, %1, %4, %5 : tensor<2x4x4xf32>, tensor<2x3x3x4xf32>, tensor<2x3x2x3xf32>, tensor<2x4xf32>
  }
}
