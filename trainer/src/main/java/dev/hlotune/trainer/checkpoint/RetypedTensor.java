package dev.hlotune.trainer.checkpoint;

import java.io.IOException;
import java.util.List;

/**
 * A tensor that is written in a type that may be another than it has; converted when it is written.
 *
 * @param tensor as it is
 * @param type the type in the file
 */
public record RetypedTensor(WritableTensor tensor, StorageType type) implements WritableTensor {
  @Override
  public String name() {
    return tensor.name();
  }

  @Override
  public List<Long> shape() {
    return tensor.shape();
  }

  @Override
  public void writeTo(Sink sink) throws IOException {
    if (tensor.type() == type) {
      tensor.writeTo(sink);
    } else {
      TensorEntry.of(tensor).as(type).writeTo(sink);
    }
  }
}
