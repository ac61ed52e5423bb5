module @scatter_add attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<3x4xf32> loc("x"), %arg1: tensor<5xi32> loc("one"), %arg2: tensor<5x4xf32> loc("updates"), %arg3: tensor<5x3xf32> loc("transposed"), %arg4: tensor<2x3x4xf32> loc("y"), %arg5: tensor<5x4xi32> loc("own"), %arg6: tensor<4x5x2xf32> loc("each")) -> (tensor<3x4xf32>, tensor<3x4xf32>, tensor<3x4xf32>, tensor<2x3x4xf32>) {
    %0 = "stablehlo.scatter"(%arg0, %arg1, %arg2) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>, indices_are_sorted = false, unique_indices = false}> ({
    ^bb0(%1: tensor<f32>, %2: tensor<f32>):
      %3 = stablehlo.add %1, %2 : (tensor<f32>, tensor<f32>) -> tensor<f32> loc("PartPrograms.java")
      stablehlo.return %3 : tensor<f32> loc("PartPrograms.java")
    }) : (tensor<3x4xf32>, tensor<5xi32>, tensor<5x4xf32>) -> tensor<3x4xf32> loc("PartPrograms.java")
    %4 = stablehlo.transpose %arg3, dims = [1, 0] : (tensor<5x3xf32>) -> tensor<3x5xf32> loc("PartPrograms.java")
    %5 = "stablehlo.scatter"(%arg0, %arg1, %4) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [0], inserted_window_dims = [1], scatter_dims_to_operand_dims = [1], index_vector_dim = 1>, indices_are_sorted = false, unique_indices = false}> ({
    ^bb0(%6: tensor<f32>, %7: tensor<f32>):
      %8 = stablehlo.add %6, %7 : (tensor<f32>, tensor<f32>) -> tensor<f32> loc("PartPrograms.java")
      stablehlo.return %8 : tensor<f32> loc("PartPrograms.java")
    }) : (tensor<3x4xf32>, tensor<5xi32>, tensor<3x5xf32>) -> tensor<3x4xf32> loc("PartPrograms.java")
    %9 = stablehlo.constant dense<1> : tensor<5xi32> loc("PartPrograms.java")
    %10 = stablehlo.add %arg1, %9 : tensor<5xi32> loc("PartPrograms.java")
    %11 = "stablehlo.scatter"(%arg0, %10, %arg2) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>, indices_are_sorted = false, unique_indices = false}> ({
    ^bb0(%12: tensor<f32>, %13: tensor<f32>):
      %14 = stablehlo.add %12, %13 : (tensor<f32>, tensor<f32>) -> tensor<f32> loc("PartPrograms.java")
      stablehlo.return %14 : tensor<f32> loc("PartPrograms.java")
    }) : (tensor<3x4xf32>, tensor<5xi32>, tensor<5x4xf32>) -> tensor<3x4xf32> loc("PartPrograms.java")
    %15 = stablehlo.transpose %arg6, dims = [2, 1, 0] : (tensor<4x5x2xf32>) -> tensor<2x5x4xf32> loc("PartPrograms.java")
    %16 = "stablehlo.scatter"(%arg4, %arg5, %15) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [0], inserted_window_dims = [1], input_batching_dims = [2], scatter_indices_batching_dims = [1], scatter_dims_to_operand_dims = [1], index_vector_dim = 2>, indices_are_sorted = false, unique_indices = false}> ({
    ^bb0(%17: tensor<f32>, %18: tensor<f32>):
      %19 = stablehlo.add %17, %18 : (tensor<f32>, tensor<f32>) -> tensor<f32> loc("PartPrograms.java")
      stablehlo.return %19 : tensor<f32> loc("PartPrograms.java")
    }) : (tensor<2x3x4xf32>, tensor<5x4xi32>, tensor<2x5x4xf32>) -> tensor<2x3x4xf32> loc("PartPrograms.java")
    return %0, %5, %11, %16 : tensor<3x4xf32>, tensor<3x4xf32>, tensor<3x4xf32>, tensor<2x3x4xf32>
  }
}
