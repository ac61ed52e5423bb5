module @bitcast attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
  func.func public @main(%arg0: tensor<2xf32> loc("x"), %arg1: tensor<2xf32> loc("x2"), %arg2: tensor<2xui32> loc("n"), %arg3: tensor<2xui8> loc("m")) -> (tensor<2xi32>, tensor<2xui32>, tensor<2xf32>, tensor<2xi8>) {
    %0 = stablehlo.bitcast_convert %arg0 : (tensor<2xf32>) -> tensor<2xi32> loc("ElementwisePrograms.java")
    %1 = stablehlo.bitcast_convert %arg1 : (tensor<2xf32>) -> tensor<2xui32> loc("ElementwisePrograms.java")
    %2 = stablehlo.bitcast_convert %arg2 : (tensor<2xui32>) -> tensor<2xf32> loc("ElementwisePrograms.java")
    %3 = stablehlo.bitcast_convert %arg3 : (tensor<2xui8>) -> tensor<2xi8> loc("ElementwisePrograms.java")
    return %0, %1, %2, %3 : tensor<2xi32>, tensor<2xui32>, tensor<2xf32>, tensor<2xi8>
  }
}
