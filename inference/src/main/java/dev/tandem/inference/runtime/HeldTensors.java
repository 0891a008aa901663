package dev.tandem.inference.runtime;

import ai.onnxruntime.OnnxTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The native tensors of some buffers, kept alive until closed. */
record HeldTensors(Map<String, OnnxTensor> tensors, List<TensorBuffer> buffers) implements AutoCloseable {
    static HeldTensors of(Map<String, TensorBuffer> buffers) {
        HeldTensors held = new HeldTensors(new LinkedHashMap<>(), new ArrayList<>());
        try {
            buffers.forEach((name, buffer) -> {
                held.tensors.put(name, buffer.hold());
                held.buffers.add(buffer);
            });
            return held;
        } catch (RuntimeException e) {
            held.close();
            throw e;
        }
    }

    @Override
    public void close() {
        buffers.forEach(TensorBuffer::release);
    }
}
