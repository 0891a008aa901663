package dev.tandem.inference.zoo;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Writes a {@link BuiltGraph} as an ONNX file, with the weights inside it or, above {@link #LARGEST_INLINE_BYTES}, in a
 * data file beside it ({@code NAME.data}), each weight at a page boundary there so that it can be mapped by itself.
 *
 * <p>Both files are written under temporary names in the same folder and then moved into place, the data first; after a
 * failure neither temporary file remains. Heap use is a few buffers, whatever the size of the model.
 */
final class ModelFile {

    static final long LARGEST_INLINE_BYTES = 64L << 20;
    static final int PAGE_BYTES = 4096;
    static final String DATA_SUFFIX = ".data";

    private static final int IR_VERSION = 8;
    private static final int OPSET = 17;
    private static final int BUFFER_BYTES = 64 * 1024;

    private final BuiltGraph built;
    private final WeightStream weights;
    private final Path file;

    private ModelFile(BuiltGraph built, long seed, Path file) {
        this.built = built;
        this.weights = new WeightStream(seed);
        this.file = file.toAbsolutePath();
    }

    /** Returns the bytes of the file, or of both files; existing ones are replaced. */
    static long write(BuiltGraph built, long seed, Path file) throws IOException {
        return new ModelFile(built, seed, file).write();
    }

    private long write() throws IOException {
        requireFolder();
        return built.counts().weightBytes() > LARGEST_INLINE_BYTES ? writeWithDataFile() : writeInline();
    }

    private void requireFolder() throws IOException {
        Path folder = file.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new NoSuchFileException(
                    file.toString(), null, "the folder " + folder + " must exist. Maybe create it first.");
        }
        if (Files.isDirectory(file)) {
            throw new IOException(file + " must be a file, but a folder has this name. Maybe add a file name to it.");
        }
    }

    private long writeInline() throws IOException {
        Path temporary = temporaryBeside(file);
        try {
            try (OutputStream out = create(temporary)) {
                writeModel(out, true, inlineTensors());
            }
            long bytes = Files.size(temporary);
            move(temporary, file);
            return bytes;
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private long writeWithDataFile() throws IOException {
        Path data = file.resolveSibling(file.getFileName() + DATA_SUFFIX);
        Path temporaryData = temporaryBeside(data);
        Path temporary = temporaryBeside(file);
        try {
            List<TensorProto> tensors;
            try (OutputStream out = create(temporaryData)) {
                tensors = writeData(out, data.getFileName().toString());
            }
            try (OutputStream out = create(temporary)) {
                writeModel(out, false, tensors);
            }
            long bytes = Files.size(temporaryData) + Files.size(temporary);
            move(temporaryData, data);
            move(temporary, file);
            return bytes;
        } finally {
            Files.deleteIfExists(temporaryData);
            Files.deleteIfExists(temporary);
        }
    }

    private List<TensorProto> writeData(OutputStream out, String location) throws IOException {
        List<TensorProto> tensors = new ArrayList<>();
        long position = 0;
        for (Weight weight : built.weights()) {
            int gap = (int) Math.floorMod(-position, (long) PAGE_BYTES);
            out.write(new byte[gap]);
            position += gap;
            weights.write(weight, out);
            tensors.add(external(weight, location, position));
            position += weight.bytes();
        }
        return tensors;
    }

    private List<TensorProto> inlineTensors() {
        return built.weights().stream().map(weight -> described(weight).build()).toList();
    }

    private static TensorProto external(Weight weight, String location, long offset) {
        return described(weight)
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(entry("location", location))
                .addExternalData(entry("offset", Long.toString(offset)))
                .addExternalData(entry("length", Long.toString(weight.bytes())))
                .build();
    }

    private static TensorProto.Builder described(Weight weight) {
        return TensorProto.newBuilder()
                .setName(weight.name())
                .setDataType(TensorProto.DataType.FLOAT_VALUE)
                .addAllDims(weight.shape());
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    /**
     * Protobuf's own writer wants the whole message in memory. Its format only wants the length of each nested message
     * before its content, and those follow from the shapes; so the fields are written one by one and inline weights drawn
     * as their turn comes.
     */
    private void writeModel(OutputStream out, boolean inline, List<TensorProto> tensors) throws IOException {
        CodedOutputStream coded = CodedOutputStream.newInstance(out, BUFFER_BYTES);
        header().writeTo(coded);
        coded.writeTag(ModelProto.GRAPH_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        coded.writeUInt32NoTag(graphBytes(inline, tensors));
        built.graph().writeTo(coded);
        for (int i = 0; i < tensors.size(); i++) {
            Weight weight = built.weights().get(i);
            coded.writeTag(GraphProto.INITIALIZER_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
            coded.writeUInt32NoTag(tensorBytes(weight, inline, tensors.get(i)));
            tensors.get(i).writeTo(coded);
            if (inline) {
                coded.writeTag(TensorProto.RAW_DATA_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
                coded.writeUInt32NoTag(Math.toIntExact(weight.bytes()));
                coded.flush();
                weights.write(weight, out);
            }
        }
        coded.flush();
    }

    private static ModelProto header() {
        ModelProto.Builder model =
                ModelProto.newBuilder().setIrVersion(IR_VERSION).setProducerName("tandem");
        model.addOpsetImportBuilder().setDomain("").setVersion(OPSET);
        return model.build();
    }

    private int graphBytes(boolean inline, List<TensorProto> tensors) {
        long bytes = built.graph().getSerializedSize();
        for (int i = 0; i < tensors.size(); i++) {
            int content = tensorBytes(built.weights().get(i), inline, tensors.get(i));
            bytes += CodedOutputStream.computeTagSize(GraphProto.INITIALIZER_FIELD_NUMBER) + lengthAndContent(content);
        }
        return Math.toIntExact(bytes);
    }

    private static int tensorBytes(Weight weight, boolean inline, TensorProto tensor) {
        int described = tensor.getSerializedSize();
        return inline
                ? described
                        + CodedOutputStream.computeTagSize(TensorProto.RAW_DATA_FIELD_NUMBER)
                        + lengthAndContent(Math.toIntExact(weight.bytes()))
                : described;
    }

    private static int lengthAndContent(int content) {
        return CodedOutputStream.computeUInt32SizeNoTag(content) + content;
    }

    /** Deleted when the JVM is told to stop in the middle; once moved, there is nothing left to delete. */
    private static Path temporaryBeside(Path target) {
        Path temporary = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        temporary.toFile().deleteOnExit();
        return temporary;
    }

    private static OutputStream create(Path path) throws IOException {
        return new BufferedOutputStream(Files.newOutputStream(path, StandardOpenOption.CREATE_NEW), BUFFER_BYTES);
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }
}
