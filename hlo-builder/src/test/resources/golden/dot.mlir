module @dot attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<2x3xf32> loc("x"), %arg1: tensor<3x4xf32> loc("w"), %arg2: tensor<4x3xf32> loc("v"), %arg3: tensor<2xf32> loc("a"), %arg4: tensor<3xf32> loc("b"), %arg5: tensor<2x3x4xf32> loc("batched"), %arg6: tensor<2x6x4xf32> loc("other"), %arg7: tensor<3x4xf32> loc("gain"), %arg8: tensor<6x3x4xf32> loc("matrix"), %arg9: tensor<2x3xbf16> loc("bx"), %arg10: tensor<3x4xbf16> loc("bw"), %arg11: tensor<2x3xi32> loc("n"), %arg12: tensor<3xi32> loc("m")) -> (tensor<2x4xf32>, tensor<2x4xf32>, tensor<f32>, tensor<2x3xf32>, tensor<2x4xf32>, tensor<2x3x6xf32>, tensor<2xf32>, tensor<2x6xf32>, tensor<2x4xf32>, tensor<2xi32>) {
    %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [1] x [0] : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32> loc("AxisPrograms.java")
    %1 = stablehlo.dot_general %arg0, %arg2, contracting_dims = [1] x [1] : (tensor<2x3xf32>, tensor<4x3xf32>) -> tensor<2x4xf32> loc("AxisPrograms.java")
    %2 = stablehlo.reshape %arg1 : (tensor<3x4xf32>) -> tensor<12xf32> loc("AxisPrograms.java")
    %3 = stablehlo.transpose %arg2, dims = [1, 0] : (tensor<4x3xf32>) -> tensor<3x4xf32> loc("AxisPrograms.java")
    %4 = stablehlo.reshape %3 : (tensor<3x4xf32>) -> tensor<12xf32> loc("AxisPrograms.java")
    %5 = stablehlo.dot_general %2, %4, contracting_dims = [0] x [0] : (tensor<12xf32>, tensor<12xf32>) -> tensor<f32> loc("AxisPrograms.java")
    %6 = stablehlo.dot_general %arg3, %arg4, contracting_dims = [] x [] : (tensor<2xf32>, tensor<3xf32>) -> tensor<2x3xf32> loc("AxisPrograms.java")
    %7 = stablehlo.dot_general %arg5, %arg0, batching_dims = [0] x [0], contracting_dims = [1] x [1] : (tensor<2x3x4xf32>, tensor<2x3xf32>) -> tensor<2x4xf32> loc("AxisPrograms.java")
    %8 = stablehlo.dot_general %arg5, %arg6, batching_dims = [0] x [0], contracting_dims = [2] x [2] : (tensor<2x3x4xf32>, tensor<2x6x4xf32>) -> tensor<2x3x6xf32> loc("AxisPrograms.java")
    %9 = stablehlo.reshape %arg5 : (tensor<2x3x4xf32>) -> tensor<2x12xf32> loc("AxisPrograms.java")
    %10 = stablehlo.reshape %arg7 : (tensor<3x4xf32>) -> tensor<12xf32> loc("AxisPrograms.java")
    %11 = stablehlo.dot_general %9, %10, contracting_dims = [1] x [0] : (tensor<2x12xf32>, tensor<12xf32>) -> tensor<2xf32> loc("AxisPrograms.java")
    %12 = stablehlo.reshape %arg5 : (tensor<2x3x4xf32>) -> tensor<2x12xf32> loc("AxisPrograms.java")
    %13 = stablehlo.reshape %arg8 : (tensor<6x3x4xf32>) -> tensor<6x12xf32> loc("AxisPrograms.java")
    %14 = stablehlo.dot_general %12, %13, contracting_dims = [1] x [1] : (tensor<2x12xf32>, tensor<6x12xf32>) -> tensor<2x6xf32> loc("AxisPrograms.java")
    %15 = stablehlo.dot_general %arg9, %arg10, contracting_dims = [1] x [0] : (tensor<2x3xbf16>, tensor<3x4xbf16>) -> tensor<2x4xf32> loc("AxisPrograms.java")
    %16 = stablehlo.dot_general %arg11, %arg12, contracting_dims = [1] x [0] : (tensor<2x3xi32>, tensor<3xi32>) -> tensor<2xi32> loc("AxisPrograms.java")
    return %0, %1, %5, %6, %7, %8, %11, %14, %15, %16 : tensor<2x4xf32>, tensor<2x4xf32>, tensor<f32>, tensor<2x3xf32>, tensor<2x4xf32>, tensor<2x3x6xf32>, tensor<2xf32>, tensor<2x6xf32>, tensor<2x4xf32>, tensor<2xi32>
  }
}
