/**
 * Tensors at the edge of the program: {@code .npy} and {@code .pb} files and pictures in, {@code .npy} files out, and
 * what is said about results (classes, differences). Free of native memory. Start at {@link
 * dev.tandem.deploy.tensor.TensorValue}.
 */
@NullMarked
package dev.tandem.deploy.tensor;

import org.jspecify.annotations.NullMarked;
