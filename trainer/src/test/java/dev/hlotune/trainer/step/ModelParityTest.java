package dev.hlotune.trainer.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.models.Families;
import dev.hlotune.hlo.models.Layout;
import dev.hlotune.hlo.models.ModelConfig;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.CompileOptions;
import dev.hlotune.pjrt.DeviceBuffer;
import dev.hlotune.pjrt.Plugin;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.RecordedModel;
import dev.hlotune.trainer.data.Bucket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Losses and gradients of tiny Hugging Face models, as transformers computes them. */
class ModelParityTest {
  private static final double TOLERANCE = 1e-4;

  static List<String> models() throws Exception {
    return Fixtures.modelNames();
  }

  @ParameterizedTest
  @MethodSource("models")
  void lossAndGradientsEqualTransformers(String name) throws Exception {
    RecordedModel recorded = Fixtures.model(name);
    CausalModel model =
        Families.of(new ModelConfig(recorded.config()), new Layout(Layering.UNROLL, Remat.NOTHING));
    int[] ids = recorded.result("input_ids").ints();
    int[] mask = recorded.result("attention_mask").ints();
    float[] own = recorded.result("loss_weights").floats();
    int rows = 2;
    int length = ids.length / rows;
    int[] targets = new int[ids.length];
    float[] weights = new float[ids.length];
    int[] positions = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      positions[i] = i % length;
      if (i % length < length - 1) {
        targets[i] = ids[i + 1];
        weights[i] = own[i + 1];
      }
    }
    try (Client client = Plugin.load(Path.of(System.getenv("HLOTUNE_PLUGIN"))).cpuClient(1);
        DeviceProgram program =
            new ProgramCompiler(client, CompileOptions.singleDevice(), Optional.empty())
                .compile(GradientProgram.of(model, new Bucket(rows, length), DType.F32))) {
      List<DeviceBuffer> inputs = new ArrayList<>();
      for (String parameter : model.parameters().names()) {
        inputs.add(
            client.transfer(
                new ParamMap<>(recorded.parameters()).get(parameter).floats(),
                client.device(),
                model.parameters().get(parameter).shape().sizes()));
      }
      for (int[] field : List.of(ids, targets, mask, positions)) {
        inputs.add(client.transfer(field, client.device(), rows, length));
      }
      inputs.add(client.transfer(weights, client.device(), rows, length));
      List<DeviceBuffer> outputs = program.run(inputs);
      float loss = outputs.get(0).readFloats()[0];
      float weight = outputs.get(1).readFloats()[0];
      assertEquals(recorded.result("weight_sum").floats()[0], weight, 1e-5);
      assertEquals(recorded.result("loss").floats()[0], loss / weight, 1e-4);
      List<String> names = model.parameters().names();
      for (int i = 0; i < names.size(); i++) {
        float[] expected = new ParamMap<>(recorded.gradients()).get(names.get(i)).floats();
        float[] got = outputs.get(2 + i).readFloats();
        double difference = 0;
        double norm = 0;
        for (int j = 0; j < expected.length; j++) {
          difference += Math.pow(expected[j] - got[j] / weight, 2);
          norm += Math.pow(expected[j], 2);
        }
        double error = Math.sqrt(difference / Math.max(norm, 1e-20));
        System.err.println(name + " " + names.get(i) + " " + error);
        assertTrue(error < TOLERANCE, names.get(i) + ": relative error " + error);
      }
      inputs.forEach(DeviceBuffer::close);
      outputs.forEach(DeviceBuffer::close);
    }
  }
}
