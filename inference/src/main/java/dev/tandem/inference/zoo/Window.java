package dev.tandem.inference.zoo;

import java.util.List;

/** Kernel, stride and pads of a convolution or pooling over height and width, in elements. */
record Window(int kernelHeight, int kernelWidth, int stride, int padTop, int padLeft, int padBottom, int padRight) {

    /** A square window with stride 1 and no pads. */
    static Window of(int kernel) {
        return of(kernel, kernel);
    }

    static Window of(int kernelHeight, int kernelWidth) {
        return new Window(kernelHeight, kernelWidth, 1, 0, 0, 0, 0);
    }

    Window withStride(int newStride) {
        return new Window(kernelHeight, kernelWidth, newStride, padTop, padLeft, padBottom, padRight);
    }

    /** Pads of half the kernel on each side: the size stays at stride 1 and an odd kernel. */
    Window padded() {
        int vertical = (kernelHeight - 1) / 2;
        int horizontal = (kernelWidth - 1) / 2;
        return new Window(kernelHeight, kernelWidth, stride, vertical, horizontal, vertical, horizontal);
    }

    /** The pads that TensorFlow's SAME gives for an input of this size: the odd one goes to the bottom and right. */
    Window paddedLikeTensorFlow(int inputHeight, int inputWidth) {
        int vertical = samePads(inputHeight, kernelHeight);
        int horizontal = samePads(inputWidth, kernelWidth);
        return new Window(
                kernelHeight,
                kernelWidth,
                stride,
                vertical / 2,
                horizontal / 2,
                vertical - vertical / 2,
                horizontal - horizontal / 2);
    }

    /** Rows that come out of {@code inputHeight} rows; below 1 where the window does not fit. */
    int outputHeight(int inputHeight) {
        return Math.floorDiv(inputHeight + padTop + padBottom - kernelHeight, stride) + 1;
    }

    /** Columns that come out of {@code inputWidth} columns; below 1 where the window does not fit. */
    int outputWidth(int inputWidth) {
        return Math.floorDiv(inputWidth + padLeft + padRight - kernelWidth, stride) + 1;
    }

    List<Long> kernel() {
        return List.of((long) kernelHeight, (long) kernelWidth);
    }

    List<Long> strides() {
        return List.of((long) stride, (long) stride);
    }

    /** In ONNX's order: top, left, bottom, right. */
    List<Long> pads() {
        return List.of((long) padTop, (long) padLeft, (long) padBottom, (long) padRight);
    }

    private int samePads(int input, int kernel) {
        int output = (input + stride - 1) / stride;
        return Math.max((output - 1) * stride + kernel - input, 0);
    }
}
