module @sort attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<2x4xf32> loc("x"), %arg1: tensor<2x4xi32> loc("n"), %arg2: tensor<4x2xf32> loc("y")) -> (tensor<2x4xf32>, tensor<2x4xi32>, tensor<4x2xf32>, tensor<2x4xi32>) {
    %2 = "stablehlo.sort"(%arg0) <{dimension = 1 : i64, is_stable = true}> ({
    ^bb0(%0: tensor<f32>, %1: tensor<f32>):
      %3 = stablehlo.compare LT, %0, %1, FLOAT : (tensor<f32>, tensor<f32>) -> tensor<i1> loc("AxisPrograms.java")
      stablehlo.return %3 : tensor<i1> loc("AxisPrograms.java")
    }) : (tensor<2x4xf32>) -> (tensor<2x4xf32>) loc("AxisPrograms.java")
    %4 = stablehlo.transpose %arg2, dims = [1, 0] : (tensor<4x2xf32>) -> tensor<2x4xf32> loc("AxisPrograms.java")
    %5 = stablehlo.iota dim = 0 : tensor<4xi32> loc("AxisPrograms.java")
    %6 = stablehlo.broadcast_in_dim %5, dims = [1] : (tensor<4xi32>) -> tensor<2x4xi32> loc("AxisPrograms.java")
    %13:3 = "stablehlo.sort"(%arg1, %4, %6) <{dimension = 1 : i64, is_stable = true}> ({
    ^bb0(%7: tensor<i32>, %8: tensor<i32>, %9: tensor<f32>, %10: tensor<f32>, %11: tensor<i32>, %12: tensor<i32>):
      %14 = stablehlo.compare LT, %7, %8, SIGNED : (tensor<i32>, tensor<i32>) -> tensor<i1> loc("AxisPrograms.java")
      stablehlo.return %14 : tensor<i1> loc("AxisPrograms.java")
    }) : (tensor<2x4xi32>, tensor<2x4xf32>, tensor<2x4xi32>) -> (tensor<2x4xi32>, tensor<2x4xf32>, tensor<2x4xi32>) loc("AxisPrograms.java")
    %15 = stablehlo.transpose %13#1, dims = [1, 0] : (tensor<2x4xf32>) -> tensor<4x2xf32> loc("AxisPrograms.java")
    return %2, %13#0, %15, %13#2 : tensor<2x4xf32>, tensor<2x4xi32>, tensor<4x2xf32>, tensor<2x4xi32>
  }
}
