package dev.tandem.inference.runtime;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a session computes with. Operators that the provider does not have are computed on CPUs, where ONNX Runtime places
 * them by itself.
 *
 * @param options of the provider under ONNX Runtime's own names; sorted
 */
public record ProviderChoice(ExecutionProvider provider, Map<String, String> options) {

    /** The CPUs. */
    public static final ProviderChoice CPU = new ProviderChoice(ExecutionProvider.CPU, Map.of());

    /** The option of GPUs that says which one. */
    static final String DEVICE = "device_id";

    /** Copies the options. */
    public ProviderChoice {
        options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
    }

    /**
     * A GPU by CUDA.
     *
     * @param device its number, from 0
     */
    static ProviderChoice cuda(int device) {
        return new ProviderChoice(ExecutionProvider.CUDA, Map.of(DEVICE, Integer.toString(device)));
    }

    /** Its name, and what is asked of it. */
    @Override
    public String toString() {
        return options.isEmpty() ? provider.word() : provider.word() + " " + options;
    }
}
