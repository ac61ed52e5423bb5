package dev.hlotune.pjrt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.TextFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The bytes of the options, read with the message types that the plugin itself carries. */
class CompileOptionsTest {
  @RegisterExtension static final WithClient CPU = new WithClient(1);

  private static final String PROGRAM =
      """
      module @twice {
        func.func public @main(%x: tensor<4xf32>) -> tensor<4xf32> {
          %y = stablehlo.add %x, %x : tensor<4xf32>
          return %y : tensor<4xf32>
        }
      }
      """;

  @Test
  void saysTheSameAsThePluginsOwnMessage() throws Exception {
    Descriptor type =
        PluginProtos.read(CPU.client().plugin().path())
            .message("xla/pjrt/proto/compile_options.proto", "CompileOptionsProto");
    CompileOptions options =
        new CompileOptions(
            2,
            3,
            true,
            true,
            List.of(List.of(0, 2, 4), List.of(1, 3, 5)),
            Map.of(
                "a_flag", true, "a_number", -5L, "a_real", 0.5, "a_text", "x", "no_flag", false));
    byte[] bytes = options.toBytes();
    DynamicMessage message = DynamicMessage.parseFrom(type, bytes);
    assertTrue(isKnown(message), () -> "unknown fields in\n" + message);
    assertEquals(
        """
        executable_build_options {
          num_replicas: 2
          num_partitions: 3
          use_spmd_partitioning: true
          device_assignment {
            replica_count: 2
            computation_count: 3
            computation_devices {
              replica_device_ids: 0
              replica_device_ids: 1
            }
            computation_devices {
              replica_device_ids: 2
              replica_device_ids: 3
            }
            computation_devices {
              replica_device_ids: 4
              replica_device_ids: 5
            }
          }
          use_shardy_partitioner: true
        }
        env_option_overrides {
          key: "a_flag"
          value {
            bool_field: true
          }
        }
        env_option_overrides {
          key: "a_number"
          value {
            int_field: -5
          }
        }
        env_option_overrides {
          key: "a_real"
          value {
            double_field: 0.5
          }
        }
        env_option_overrides {
          key: "a_text"
          value {
            string_field: "x"
          }
        }
        env_option_overrides {
          key: "no_flag"
          value {
            bool_field: false
          }
        }
        """,
        TextFormat.printer().printToString(message));
    assertArrayEquals(bytes, options.toBytes());
  }

  @Test
  void isNeverEmpty() throws Exception {
    byte[] bytes = CompileOptions.singleDevice().toBytes();
    assertFalse(bytes.length == 0);
    Descriptor type =
        PluginProtos.read(CPU.client().plugin().path())
            .message("xla/pjrt/proto/compile_options.proto", "CompileOptionsProto");
    assertEquals(
        "executable_build_options {\n  num_replicas: 1\n  num_partitions: 1\n}\n",
        TextFormat.printer().printToString(DynamicMessage.parseFrom(type, bytes)));
  }

  @Test
  void setsFlagsForOneProgram() {
    CompileOptions options =
        CompileOptions.singleDevice()
            .withOverride("xla_cpu_prefer_vector_width", 512)
            .withOverride("xla_cpu_experimental_ynn_fusion_type", "")
            .withOverride("xla_cpu_enable_fast_math", true);
    Client client = CPU.client();
    try (LoadedExecutable twice = client.compile(PROGRAM, options);
        DeviceBuffer x = client.transfer(new float[] {1, 2, 3, 4}, client.device(), 4);
        Execution run = twice.execute(List.of(x))) {
      assertArrayEquals(new float[] {2, 4, 6, 8}, run.output(0).readFloats());
    }
  }

  @Test
  void writesWhatBecameOfTheProgram(@TempDir Path directory) throws Exception {
    CompileOptions options = CompileOptions.singleDevice().withDump(directory);
    try (LoadedExecutable twice = CPU.client().compile(PROGRAM, options);
        Stream<Path> files = Files.list(directory)) {
      assertEquals("twice", twice.executable().name());
      assertTrue(
          files.anyMatch(file -> file.toString().endsWith("after_optimizations.txt")),
          "text of the optimized program");
      Executable.Optimized optimized = twice.executable().optimizedProgram();
      assertEquals("hlo_with_config", optimized.format());
      assertTrue(optimized.code().length > 0);
      assertEquals(4f, twice.executable().cost().get("flops"));
      assertFalse(twice.executable().fingerprint().isEmpty());
    }
  }

  @Test
  void refusesWhatNoCompilerTakes() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new CompileOptions(1, 2, false, false, List.of(List.of(0)), Map.of()));
    assertThrows(
        IllegalArgumentException.class,
        () -> new CompileOptions(1, 2, false, false, List.of(List.of(0, 0)), Map.of()));
    assertThrows(
        IllegalArgumentException.class,
        () -> new CompileOptions(1, -1, false, false, List.of(), Map.of()));
  }

  private static boolean isKnown(DynamicMessage message) {
    return message.getUnknownFields().asMap().isEmpty()
        && message.getAllFields().values().stream()
            .flatMap(value -> value instanceof List<?> list ? list.stream() : Stream.of(value))
            .allMatch(value -> !(value instanceof DynamicMessage inner) || isKnown(inner));
  }
}
