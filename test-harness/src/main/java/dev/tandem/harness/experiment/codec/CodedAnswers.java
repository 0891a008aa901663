package dev.tandem.harness.experiment.codec;

/**
 * Classes of pictures from a model in a pipeline whose edges all have a codec.
 *
 * @param codec that was asked for; edges of other types than 32-bit floats have what of it loses nothing
 * @param correctUnsplit pictures that the unsplit model recognises
 * @param correct pictures that the pipeline recognises
 * @param sameClass pictures that both give the same class
 * @param bytesPerRequest on the wire, of all edges
 */
public record CodedAnswers(
        String model,
        String codec,
        int images,
        int correctUnsplit,
        int correct,
        int sameClass,
        double bytesPerRequest) {}
