package dev.tandem.inference.zoo;

/**
 * Size and work of a zoo model, counted from its graph alone.
 *
 * @param parameters trainable parameters: kernels, biases, gamma and beta of normalisations, learnt embeddings; not the
 *     running mean and variance of BatchNorm, which published counts leave out as well
 * @param weightMultiplyAdds multiply-adds of one run of the whole batch in which one factor is a weight (Conv, Gemm, MatMul
 *     with a weight); biases, normalisations, activations and poolings count nothing
 * @param attentionMultiplyAdds multiply-adds of one run in which both factors are activations (the two products of
 *     self-attention); most published counts leave them out
 * @param weightBytes bytes of all float weights, running statistics included
 */
public record ZooCounts(long parameters, long weightMultiplyAdds, long attentionMultiplyAdds, long weightBytes) {

    /** All multiply-adds of one run of the whole batch. */
    public long multiplyAdds() {
        return weightMultiplyAdds + attentionMultiplyAdds;
    }
}
