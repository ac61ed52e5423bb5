module @literal attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main() -> (tensor<2x3xf32>, tensor<3xi32>, tensor<2xi1>, tensor<bf16>) {
    %0 = stablehlo.constant dense<[1.0, 2.0, -3.5, 4.0E10, 0.1, -0.0]> : tensor<6xf32> loc("ElementwisePrograms.java")
    %1 = stablehlo.reshape %0 : (tensor<6xf32>) -> tensor<2x3xf32> loc("ElementwisePrograms.java")
    %2 = stablehlo.constant dense<[1, -2, 3]> : tensor<3xi32> loc("ElementwisePrograms.java")
    %3 = stablehlo.constant dense<[false, true]> : tensor<2xi1> loc("ElementwisePrograms.java")
    %4 = stablehlo.constant dense<[0.5]> : tensor<1xbf16> loc("ElementwisePrograms.java")
    %5 = stablehlo.reshape %4 : (tensor<1xbf16>) -> tensor<bf16> loc("ElementwisePrograms.java")
    return %1, %2, %3, %5 : tensor<2x3xf32>, tensor<3xi32>, tensor<2xi1>, tensor<bf16>
  }
}
