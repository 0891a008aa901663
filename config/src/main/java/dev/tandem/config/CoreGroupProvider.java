package dev.tandem.config;

/** What computes for a core group: an execution provider of ONNX Runtime. */
public enum CoreGroupProvider {
    CPU(true),
    CUDA(false),
    TENSORRT(false),
    COREML(false),
    XNNPACK(true),
    QNN(false);

    private final boolean needsCpus;

    CoreGroupProvider(boolean needsCpus) {
        this.needsCpus = needsCpus;
    }

    /** Whether it computes on CPUs, which the core group must name. */
    public boolean needsCpus() {
        return needsCpus;
    }

    /** Whether its core groups are NVIDIA GPUs, told apart by their device. */
    boolean isGpu() {
        return this == CUDA || this == TENSORRT;
    }
}
