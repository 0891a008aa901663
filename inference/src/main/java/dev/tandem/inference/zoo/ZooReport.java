package dev.tandem.inference.zoo;

import java.nio.file.Path;

/**
 * What {@link ZooModel#write} has written.
 *
 * @param parameters trainable parameters, see {@link ZooCounts#parameters()}
 * @param multiplyAdds of one run of the whole batch, see {@link ZooCounts#multiplyAdds()}
 * @param bytes size of the model file and, where there is one, of the data file beside it
 * @param file the model file
 */
public record ZooReport(long parameters, long multiplyAdds, long bytes, Path file) {}
