module @iota attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main() -> (tensor<3xi32>, tensor<2x3xf32>, tensor<3x2xi64>) {
    %0 = stablehlo.iota dim = 0 : tensor<3xi32> loc("ElementwisePrograms.java")
    %1 = stablehlo.iota dim = 0 : tensor<3xf32> loc("ElementwisePrograms.java")
    %2 = stablehlo.broadcast_in_dim %1, dims = [1] : (tensor<3xf32>) -> tensor<2x3xf32> loc("ElementwisePrograms.java")
    %3 = stablehlo.iota dim = 0 : tensor<3xi64> loc("ElementwisePrograms.java")
    %4 = stablehlo.broadcast_in_dim %3, dims = [0] : (tensor<3xi64>) -> tensor<3x2xi64> loc("ElementwisePrograms.java")
    return %0, %2, %4 : tensor<3xi32>, tensor<2x3xf32>, tensor<3x2xi64>
  }
}
