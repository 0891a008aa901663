package dev.tandem.deploy.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.deploy.tensor.ImageOptions.Resize;
import dev.tandem.deploy.tensor.Normalization.Preset;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageInputTest {

    private static final int ORANGE = 0xFF8000;

    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"png", "bmp", "gif"})
    void keepsColoursExactlyInLosslessFormats(String format) throws IOException {
        TensorValue value = read(save(plain(4, 4, ORANGE), format), input(1, 3, 4, 4), raw());

        assertThat(value.element(0)).isEqualTo(255);
        assertThat(value.element(16)).isEqualTo(128);
        assertThat(value.element(32)).isEqualTo(0);
    }

    @Test
    void keepsColoursNearlyInJpeg() throws IOException {
        TensorValue value = read(save(plain(32, 32, ORANGE), "jpg"), input(1, 3, 32, 32), raw());

        assertThat(value.element(0)).isCloseTo(255, within(3.0));
        assertThat(value.element(1024)).isCloseTo(128, within(3.0));
        assertThat(value.element(2048)).isCloseTo(0, within(3.0));
    }

    @Test
    void takesGreySamplesAsTheyAre() throws IOException {
        BufferedImage grey = new BufferedImage(256, 1, BufferedImage.TYPE_BYTE_GRAY);
        for (int x = 0; x < 256; x++) {
            grey.getRaster().setSample(x, 0, 0, x);
        }

        TensorValue value = read(save(grey, "png"), input(1, 1, 1, 256), raw());

        for (int x = 0; x < 256; x++) {
            assertThat(value.element(x)).isEqualTo(x);
        }
    }

    @Test
    void scalesSixteenBitSamples() throws IOException {
        BufferedImage deep = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_GRAY);
        deep.getRaster().setSample(0, 0, 0, 0x8080);

        assertThat(read(save(deep, "png"), input(1, 1, 1, 1), raw()).element(0)).isCloseTo(128, within(1e-4));
    }

    @Test
    void turnsColourIntoGreyAndGreyIntoColour() throws IOException {
        TensorValue grey = read(save(plain(2, 2, ORANGE), "png"), input(1, 1, 2, 2), raw());
        assertThat(grey.element(0)).isCloseTo(0.299 * 255 + 0.587 * 128, within(1e-3));

        BufferedImage source = new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_GRAY);
        source.getRaster().setSample(0, 0, 0, 77);
        TensorValue colour = read(save(source, "png"), input(1, 3, 2, 2), raw());
        assertThat(List.of(colour.element(0), colour.element(4), colour.element(8)))
                .containsOnly(77.0);
    }

    @Test
    void laysChannelsOutAsTheInputSays() throws IOException {
        TensorValue value = read(save(plain(2, 2, ORANGE), "png"), input(1, 2, 2, 3), raw());

        assertThat(List.of(value.element(0), value.element(1), value.element(2)))
                .containsExactly(255.0, 128.0, 0.0);
    }

    @Test
    void normalisesByPreset() throws IOException {
        Path file = save(plain(1, 1, ORANGE), "png");
        TensorSpec input = input(1, 3, 1, 1);

        assertThat(read(file, input, ImageOptions.DEFAULTS).element(0)).isCloseTo((1 - 0.485) / 0.229, within(1e-5));
        assertThat(read(file, input, exact(Preset.UNIT)).element(1)).isCloseTo(128 / 255.0, within(1e-6));
        assertThat(read(file, input, exact(Preset.SIGNED)).element(2)).isCloseTo(-1, within(1e-6));
        assertThat(read(file, input, exact(Preset.CAFFE)).element(0)).isEqualTo(0 - 104);
        assertThat(read(file, input, exact(Preset.CAFFE)).element(2)).isEqualTo(255 - 123);
    }

    @Test
    void fillsInputsOfBytesAndHalves() throws IOException {
        Path file = save(plain(1, 1, ORANGE), "png");

        TensorValue bytes =
                read(file, new TensorSpec("x", ElementType.UINT8, List.of(1, 2, 2, 3)), ImageOptions.DEFAULTS);
        assertThat(bytes.element(1)).isEqualTo(128);
        TensorValue halves = read(file, new TensorSpec("x", ElementType.FLOAT16, List.of(1, 3, 1, 1)), raw());
        assertThat(halves.element(1)).isEqualTo(128);
    }

    @Test
    void cutsTheMiddleOut() throws IOException {
        BufferedImage image = plain(6, 4, 0);
        image.setRGB(2, 1, 0xFFFFFF);

        TensorValue value = read(save(image, "png"), input(1, 1, 2, 2), options(Resize.NONE));

        assertThat(List.of(value.element(0), value.element(1), value.element(2), value.element(3)))
                .containsExactly(255.0, 0.0, 0.0, 0.0);
    }

    @Test
    void keepsProportionsWhenTheShorterSideIsFitted() throws IOException {
        BufferedImage image = plain(40, 10, 0);
        for (int y = 0; y < 10; y++) {
            for (int x = 15; x < 25; x++) {
                image.setRGB(x, y, 0xFFFFFF);
            }
        }

        TensorValue value = read(save(image, "png"), input(1, 1, 10, 10), options(Resize.SHORTER));

        for (int at = 0; at < 100; at++) {
            assertThat(value.element(at)).isCloseTo(255, within(1e-3));
        }
    }

    @Test
    void refusesPicturesThatAreTooSmallToCutFrom() throws IOException {
        Path file = save(plain(2, 8, 0), "png");

        assertThatThrownBy(() -> read(file, input(1, 3, 4, 4), options(Resize.NONE)))
                .isInstanceOf(TensorFileException.class)
                .hasMessageContainingAll("2x8", "4x4", "--resize exact");
    }

    @Test
    void refusesWhatIsNoPicture() throws IOException {
        Path text = Files.writeString(folder.resolve("a.png"), "no picture");
        assertThatThrownBy(() -> read(text, input(1, 3, 4, 4), raw())).hasMessageContaining("is not a picture");

        Path whole = save(plain(64, 64, ORANGE), "png");
        Path cut = Files.write(folder.resolve("cut.png"), Arrays.copyOf(Files.readAllBytes(whole), 60));
        assertThatThrownBy(() -> read(cut, input(1, 3, 4, 4), raw())).isInstanceOf(TensorFileException.class);
    }

    @Test
    void refusesInputsThatAreNoPicture() {
        assertThatThrownBy(() -> new ImageInput(input(1, 10), ImageOptions.DEFAULTS))
                .hasMessageContainingAll("'x'", "[1, 10]", "--input");
        assertThatThrownBy(() -> new ImageInput(input(1, 7, 4, 4), ImageOptions.DEFAULTS))
                .hasMessageContaining("1 or 3 channels");
        assertThatThrownBy(() -> new ImageInput(input(4, 3, 4, 4), ImageOptions.DEFAULTS))
                .hasMessageContaining("one picture");
        assertThatThrownBy(() -> new ImageInput(input(1, 1, 4, 4), exact(Preset.IMAGENET)))
                .hasMessageContaining("one channel");
    }

    private TensorValue read(Path file, TensorSpec input, ImageOptions options) {
        return new ImageInput(input, options).read(file);
    }

    private Path save(BufferedImage image, String format) throws IOException {
        Path file = folder.resolve("picture." + format);
        assertThat(ImageIO.write(image, format, file.toFile())).isTrue();
        return file;
    }

    private static BufferedImage plain(int width, int height, int colour) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, colour);
            }
        }
        return image;
    }

    private static TensorSpec input(Integer... shape) {
        return new TensorSpec("x", ElementType.FLOAT, List.of(shape));
    }

    private static ImageOptions raw() {
        return exact(Preset.RAW);
    }

    private static ImageOptions exact(Preset preset) {
        return new ImageOptions(
                Resize.EXACT, OptionalInt.empty(), Optional.empty(), Optional.of(preset.normalization()));
    }

    private static ImageOptions options(Resize resize) {
        return new ImageOptions(resize, OptionalInt.empty(), Optional.empty(), Optional.of(Preset.RAW.normalization()));
    }
}
