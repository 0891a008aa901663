package dev.tandem.deploy.tensor;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/**
 * A decoded picture: one plane of samples from 0 to 255 per channel, red, green and blue or grey alone.
 *
 * <p>Samples are taken from the raster as they are: Java's own conversion of grey pictures to RGB passes through a
 * linear colour space and changes the values. Transparency and the orientation note of cameras are ignored.
 */
final class Picture {

    private static final int RGB = 3;
    private static final double MAX_SAMPLE = 255;
    /** ITU-R BT.601, as most libraries for training turn colour into grey. */
    private static final float[] GREY_WEIGHTS = {0.299f, 0.587f, 0.114f};

    private final int width;
    private final int height;
    private final float[][] planes;

    Picture(int width, int height, float[][] planes) {
        this.width = width;
        this.height = height;
        this.planes = planes;
    }

    /** Decodes PNG, JPEG, BMP, GIF or whatever else this Java can read. */
    static Picture read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new TensorFileException(file, "no such file.");
        }
        try {
            BufferedImage image = ImageIO.read(file.toFile());
            if (image == null) {
                throw new TensorFileException(file, "is not a picture that can be read: it must be PNG, JPEG or BMP.");
            }
            return of(image);
        } catch (IOException | IndexOutOfBoundsException e) {
            throw new TensorFileException(file, "cannot be decoded as a picture: " + e.getMessage(), e);
        }
    }

    static Picture of(BufferedImage image) {
        ColorModel model = image.getColorModel();
        if (model instanceof IndexColorModel palette) {
            return indexed(image, palette);
        }
        boolean plain = model instanceof ComponentColorModel
                && (model.getColorSpace().getType() == ColorSpace.TYPE_GRAY
                        || model.getColorSpace().getType() == ColorSpace.TYPE_RGB);
        return plain ? component(image) : packed(image);
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    int channels() {
        return planes.length;
    }

    /** The samples of one channel in row-major order; not a copy. */
    float[] plane(int channel) {
        return planes[channel];
    }

    /** The same picture as grey alone (1) or as red, green and blue (3). */
    Picture withChannels(int count) {
        if (count == planes.length) {
            return this;
        }
        return new Picture(width, height, count == 1 ? grey() : new float[][] {planes[0], planes[0], planes[0]});
    }

    /** Enlarged or reduced; reducing averages over all samples that fall together, so that nothing aliases. */
    Picture resized(int newWidth, int newHeight) {
        if (newWidth == width && newHeight == height) {
            return this;
        }
        float[][] resized = new float[planes.length][];
        for (int channel = 0; channel < planes.length; channel++) {
            resized[channel] = TriangleFilter.resize(planes[channel], width, height, newWidth, newHeight);
        }
        return new Picture(newWidth, newHeight, resized);
    }

    /** The middle of the picture; the size must not exceed the picture's. */
    Picture cropped(int newWidth, int newHeight) {
        int left = (width - newWidth) / 2;
        int top = (height - newHeight) / 2;
        float[][] cropped = new float[planes.length][newWidth * newHeight];
        for (int channel = 0; channel < planes.length; channel++) {
            for (int row = 0; row < newHeight; row++) {
                System.arraycopy(
                        planes[channel], (top + row) * width + left, cropped[channel], row * newWidth, newWidth);
            }
        }
        return new Picture(newWidth, newHeight, cropped);
    }

    private float[][] grey() {
        float[] grey = new float[width * height];
        for (int channel = 0; channel < RGB; channel++) {
            for (int at = 0; at < grey.length; at++) {
                grey[at] += GREY_WEIGHTS[channel] * planes[channel][at];
            }
        }
        return new float[][] {grey};
    }

    private static Picture component(BufferedImage image) {
        Raster raster = image.getRaster();
        int channels = image.getColorModel().getNumColorComponents();
        float[][] planes = new float[channels][];
        for (int channel = 0; channel < channels; channel++) {
            double scale = MAX_SAMPLE / ((1L << image.getColorModel().getComponentSize(channel)) - 1);
            float[] samples = raster.getSamples(
                    raster.getMinX(), raster.getMinY(), image.getWidth(), image.getHeight(), channel, (float[]) null);
            for (int at = 0; at < samples.length; at++) {
                samples[at] = (float) (samples[at] * scale);
            }
            planes[channel] = samples;
        }
        return new Picture(image.getWidth(), image.getHeight(), planes);
    }

    private static Picture indexed(BufferedImage image, IndexColorModel palette) {
        int[] indices = image.getRaster().getSamples(0, 0, image.getWidth(), image.getHeight(), 0, (int[]) null);
        float[][] planes = new float[RGB][indices.length];
        for (int at = 0; at < indices.length; at++) {
            planes[0][at] = palette.getRed(indices[at]);
            planes[1][at] = palette.getGreen(indices[at]);
            planes[2][at] = palette.getBlue(indices[at]);
        }
        return new Picture(image.getWidth(), image.getHeight(), planes);
    }

    private static Picture packed(BufferedImage image) {
        int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        float[][] planes = new float[RGB][pixels.length];
        for (int at = 0; at < pixels.length; at++) {
            planes[0][at] = pixels[at] >> 16 & 0xFF;
            planes[1][at] = pixels[at] >> 8 & 0xFF;
            planes[2][at] = pixels[at] & 0xFF;
        }
        return new Picture(image.getWidth(), image.getHeight(), planes);
    }
}
