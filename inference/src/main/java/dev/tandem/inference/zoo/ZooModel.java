package dev.tandem.inference.zoo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The architectures that Tandem can write as ONNX files (opset 17, IR 8), with random weights that a seed decides.
 *
 * <p>Each takes one float input {@code input} of shape [batch, 3, resolution, resolution], normalised to about zero mean and
 * unit variance, and puts out {@code output} of shape [batch, classes]: logits, without Softmax, as torchvision's models do.
 * BatchNorm is written as its own node, as training frameworks export it. The weights are He-initialised and the BatchNorm
 * statistics fit them, so that activations neither die nor explode; nothing was trained, so classes mean nothing.
 *
 * <p>Immutable and thread-safe.
 */
public enum ZooModel {
    RESNET_18(
            "resnet-18",
            "Residual network of 18 layers",
            224,
            new ResNet(false, List.of(2, 2, 2, 2)),
            new PublishedFigures(11_689_512, 1_814_000_000L, Sources.TORCHVISION)),
    RESNET_50(
            "resnet-50",
            "Residual network of 50 layers with bottlenecks",
            224,
            new ResNet(true, List.of(3, 4, 6, 3)),
            new PublishedFigures(25_557_032, 4_089_000_000L, Sources.TORCHVISION)),
    RESNET_152(
            "resnet-152",
            "Residual network of 152 layers with bottlenecks",
            224,
            new ResNet(true, List.of(3, 8, 36, 3)),
            new PublishedFigures(60_192_808, 11_514_000_000L, Sources.TORCHVISION)),
    VGG_13(
            "vgg-13",
            "VGG of 13 layers, a plain chain without BatchNorm",
            224,
            new Vgg(List.of(2, 2, 2, 2, 2)),
            new PublishedFigures(133_047_848, 11_308_000_000L, Sources.TORCHVISION)),
    VGG_16(
            "vgg-16",
            "VGG of 16 layers, a plain chain without BatchNorm",
            224,
            new Vgg(List.of(2, 2, 3, 3, 3)),
            new PublishedFigures(138_357_544, 15_470_000_000L, Sources.TORCHVISION)),
    VGG_19(
            "vgg-19",
            "VGG of 19 layers, a plain chain without BatchNorm",
            224,
            new Vgg(List.of(2, 2, 4, 4, 4)),
            new PublishedFigures(143_667_240, 19_632_000_000L, Sources.TORCHVISION)),
    MOBILENET_V1_1_0(
            "mobilenet-v1-1.0",
            "MobileNetV1 at full width",
            224,
            new MobileNetV1(1.0),
            new PublishedFigures(4_240_000, 569_000_000, Sources.SLIM)),
    MOBILENET_V1_0_75(
            "mobilenet-v1-0.75",
            "MobileNetV1 at three quarters of its width",
            224,
            new MobileNetV1(0.75),
            new PublishedFigures(2_590_000, 325_000_000, Sources.MOBILENET_V1_PAPER)),
    MOBILENET_V1_0_5(
            "mobilenet-v1-0.5",
            "MobileNetV1 at half its width",
            224,
            new MobileNetV1(0.5),
            new PublishedFigures(1_340_000, 150_000_000, Sources.SLIM)),
    MOBILENET_V1_0_25(
            "mobilenet-v1-0.25",
            "MobileNetV1 at a quarter of its width",
            224,
            new MobileNetV1(0.25),
            new PublishedFigures(470_000, 41_000_000, Sources.SLIM)),
    MOBILENET_V2(
            "mobilenet-v2",
            "MobileNetV2 at full width: inverted residuals",
            224,
            new MobileNetV2(),
            new PublishedFigures(3_504_872, 301_000_000, Sources.TORCHVISION)),
    MOBILENET_V3_LARGE(
            "mobilenet-v3-large",
            "MobileNetV3-Large: inverted residuals with squeeze-excite and hard swish",
            224,
            new MobileNetV3(),
            new PublishedFigures(5_483_032, 217_000_000, Sources.TORCHVISION)),
    INCEPTION_V3(
            "inception-v3",
            "Inception v3 without the auxiliary head: parallel branches",
            299,
            new InceptionV3(),
            new PublishedFigures(23_834_568, 5_713_000_000L, Sources.TORCHVISION_WITHOUT_AUXILIARY)),
    EFFICIENTNET_B0(
            "efficientnet-b0",
            "EfficientNet-B0: inverted residuals with squeeze-excite and swish",
            224,
            new EfficientNet(1.0),
            new PublishedFigures(5_288_548, 386_000_000, Sources.TORCHVISION)),
    EFFICIENTNET_B1(
            "efficientnet-b1",
            "EfficientNet-B1: B0 with more layers and a larger image",
            240,
            new EfficientNet(1.1),
            new PublishedFigures(7_794_184, 687_000_000, Sources.TORCHVISION)),
    INCEPTION_RESNET_V2(
            "inception-resnet-v2",
            "Inception-ResNet-v2 without the auxiliary head: residual blocks of parallel branches",
            299,
            new InceptionResNetV2(),
            new PublishedFigures(55_800_000, 13_200_000_000L, Sources.TIMM)),
    DENSENET_121(
            "densenet-121",
            "DenseNet of 121 layers: each layer sees all earlier ones of its block",
            224,
            new DenseNet(List.of(6, 12, 24, 16)),
            new PublishedFigures(7_978_856, 2_834_000_000L, Sources.TORCHVISION)),
    VIT_TINY(
            "vit-tiny",
            "Vision transformer, tiny, patches of 16 pixels",
            224,
            new VisionTransformer(16, 192, 12, 3),
            new PublishedFigures(5_720_000, 1_080_000_000L, Sources.MMPRETRAIN)),
    TANDEM_MINI(
            "tandem-mini",
            "Tandem's own small model for demos and tests: residual blocks and a fork, ten classes",
            64,
            new TandemMini(),
            null);

    private static final int CHANNELS = 3;
    private static final float USUAL_EPSILON = 1e-5f;
    private static final float TENSORFLOW_EPSILON = 1e-3f;

    private final String modelName;
    private final String description;
    private final int usualResolution;

    /** Always a record of numbers. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final Architecture architecture;

    @SuppressWarnings("ImmutableEnumChecker")
    private final @Nullable PublishedFigures published;

    ZooModel(
            String modelName,
            String description,
            int usualResolution,
            Architecture architecture,
            @Nullable PublishedFigures published) {
        this.modelName = modelName;
        this.description = description;
        this.usualResolution = usualResolution;
        this.architecture = architecture;
        this.published = published;
    }

    /** The model of exactly this kebab-case name, such as {@code resnet-18}. */
    public static Optional<ZooModel> named(String name) {
        return Arrays.stream(values())
                .filter(model -> model.modelName.equals(name))
                .findFirst();
    }

    /** All names, in the order of declaration. */
    public static List<String> names() {
        return Arrays.stream(values()).map(ZooModel::modelName).toList();
    }

    /** Kebab-case, as users write it. */
    public String modelName() {
        return modelName;
    }

    /** One line for a list. */
    public String description() {
        return description;
    }

    /** Shape of the input under these options: batch, channels, height, width. */
    public List<Long> inputShape(ZooOptions options) {
        long resolution = options.resolution().orElse(usualResolution);
        return List.of((long) options.batch(), (long) CHANNELS, resolution, resolution);
    }

    /** What others count for this architecture; empty for Tandem's own. */
    public Optional<PublishedFigures> published() {
        return Optional.ofNullable(published);
    }

    /**
     * Counts parameters and work without drawing a weight.
     *
     * @throws IllegalArgumentException if the resolution does not suit the architecture
     */
    public ZooCounts count(ZooOptions options) {
        return build(options).counts();
    }

    /**
     * Writes the model to {@code file}, replacing what is there; above 64 MiB of weights they go to {@code file} + ".data"
     * beside it, and the two must stay together. The same options and file name give the same bytes everywhere.
     *
     * @throws IllegalArgumentException if the resolution does not suit the architecture
     * @throws IOException if the folder does not exist or cannot take the files; nothing half-written is left
     */
    public ZooReport write(Path file, ZooOptions options) throws IOException {
        BuiltGraph built = build(options);
        long bytes = ModelFile.write(built, options.seed(), file);
        return new ZooReport(built.counts().parameters(), built.counts().multiplyAdds(), bytes, file);
    }

    BuiltGraph build(ZooOptions options) {
        GraphBuilder graph = new GraphBuilder(modelName, epsilon());
        Value image =
                graph.image(options.batch(), CHANNELS, options.resolution().orElse(usualResolution));
        return graph.finish(architecture.build(graph, image));
    }

    /** As in the reference code of each: what comes from TensorFlow uses the larger one. */
    private float epsilon() {
        return switch (this) {
            case INCEPTION_V3,
                    INCEPTION_RESNET_V2,
                    MOBILENET_V3_LARGE,
                    MOBILENET_V1_1_0,
                    MOBILENET_V1_0_75,
                    MOBILENET_V1_0_5,
                    MOBILENET_V1_0_25 -> TENSORFLOW_EPSILON;
            default -> USUAL_EPSILON;
        };
    }

    /** Nested, because an enum's own constants are not ready when its values are made. */
    private static final class Sources {
        private static final String TORCHVISION =
                "torchvision, metadata of the weights (num_params; _ops, which its documentation calls GFLOPS, is in multiply-adds)";
        private static final String TORCHVISION_WITHOUT_AUXILIARY =
                TORCHVISION + "; parameters without the auxiliary head, which alone has 3,326,696 of the 27,161,264";
        private static final String SLIM = "TensorFlow models, research/slim/nets/mobilenet_v1.md";
        private static final String MOBILENET_V1_PAPER = "parameters: " + SLIM
                + "; multiply-adds: arXiv:1704.04861, table 6 (slim prints 317 million, which its own layers do not add up to)";
        private static final String TIMM = "timm, model card of inception_resnet_v2.tf_ens_adv_in1k (GMACs)";
        private static final String MMPRETRAIN =
                "OpenMMLab mmpretrain, configs/deit/metafile.yml (DeiT-tiny is the same graph); products of self-attention not counted";
    }
}
