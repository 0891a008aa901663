package dev.tandem.inference.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads a model without its weights: wherever the file holds the bytes of a large tensor, the result names them as
 * external data of that very file. The heap holds only the graph, whatever the size of the model.
 *
 * <p>Raw data and packed float or double data are the same bytes, little-endian, so both can be named.
 */
final class SlimReader {
    /** Tensors smaller than this stay in the graph, in bytes. */
    static final int INLINE_LIMIT_BYTES = 1024;

    private static final int MODEL_GRAPH = ModelProto.GRAPH_FIELD_NUMBER;
    private static final int GRAPH_NODE = 1;
    private static final int GRAPH_INITIALISER = 5;
    private static final int NODE_OPERATOR = 4;
    private static final int NODE_ATTRIBUTE = 5;
    private static final int ATTRIBUTE_TENSOR = 5;

    private final Path path;
    private final String fileName;
    private boolean sawVersion;

    private SlimReader(Path path) {
        this.path = path;
        this.fileName = String.valueOf(path.getFileName());
    }

    static ModelProto read(Path path) {
        return new SlimReader(path).read();
    }

    private ModelProto read() {
        try (FileChannel channel = FileChannel.open(path)) {
            long size = channel.size();
            if (size == 0 || size > Integer.MAX_VALUE) {
                throw new ModelRefusedException("model file " + path + " has " + size
                        + " bytes, expected 1 to 2147483647. Maybe the copy failed, or the model was exported without"
                        + " external data.");
            }
            ByteBuffer whole = channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
            return ModelProto.parseFrom(slimModel(whole));
        } catch (InvalidProtocolBufferException e) {
            throw notReadable(e);
        } catch (NoSuchFileException e) {
            throw new ModelRefusedException("model file " + path + " does not exist. Maybe the path is misspelt.", e);
        } catch (IOException e) {
            if (Files.isDirectory(path)) {
                throw new ModelRefusedException("model file " + path + " is a directory, expected an ONNX file.", e);
            }
            throw new UncheckedIOException("cannot read model file " + path, e);
        }
    }

    private ModelRefusedException notReadable(InvalidProtocolBufferException cause) {
        return sawVersion && isTruncation(cause)
                ? new ModelRefusedException(
                        "model file " + path + " is truncated: it ends in the middle of a field. Maybe copy it again.",
                        cause)
                : new ModelRefusedException(
                        "model file " + path + " is not an ONNX model: " + cause.getMessage()
                                + " Maybe it is another format, or a Git LFS pointer.",
                        cause);
    }

    private static boolean isTruncation(InvalidProtocolBufferException cause) {
        return String.valueOf(cause.getMessage()).contains("ended unexpectedly");
    }

    private byte[] slimModel(ByteBuffer model) throws IOException {
        return rewrite(model, 0, (field, body, offset) -> {
            sawVersion |= field == ModelProto.IR_VERSION_FIELD_NUMBER;
            return field == MODEL_GRAPH && body != null ? slimGraph(body, offset) : null;
        });
    }

    private byte[] slimGraph(ByteBuffer graph, long start) throws IOException {
        return rewrite(graph, start, (field, body, offset) -> {
            if (body == null || body.remaining() < INLINE_LIMIT_BYTES) {
                return null;
            }
            if (field == GRAPH_NODE && operator(body).equals("Constant")) {
                return slimNode(body, offset);
            }
            return field == GRAPH_INITIALISER ? slimTensor(body, offset) : null;
        });
    }

    private byte[] slimNode(ByteBuffer node, long start) throws IOException {
        return rewrite(
                node,
                start,
                (field, body, offset) -> field == NODE_ATTRIBUTE && body != null ? slimAttribute(body, offset) : null);
    }

    private byte[] slimAttribute(ByteBuffer attribute, long start) throws IOException {
        return rewrite(
                attribute,
                start,
                (field, body, offset) -> field == ATTRIBUTE_TENSOR && body != null ? slimTensor(body, offset) : null);
    }

    /** The tensor with its data named instead of held, or null where it holds none in one plain piece. */
    private byte @Nullable [] slimTensor(ByteBuffer tensor, long start) throws IOException {
        long[] found = {0, 0, 0};
        byte[] rest = rewrite(tensor, start, (field, body, offset) -> {
            if (body == null || body.remaining() < INLINE_LIMIT_BYTES || !isPlainData(field)) {
                return null;
            }
            found[0]++;
            found[1] = offset;
            found[2] = body.remaining();
            return new byte[0];
        });
        if (found[0] != 1) {
            return null;
        }
        return new ExternalReference(fileName, found[1], found[2])
                .applyTo(TensorProto.parseFrom(rest))
                .toByteArray();
    }

    private static boolean isPlainData(int field) {
        return field == TensorProto.RAW_DATA_FIELD_NUMBER
                || field == TensorProto.FLOAT_DATA_FIELD_NUMBER
                || field == TensorProto.DOUBLE_DATA_FIELD_NUMBER;
    }

    private static String operator(ByteBuffer node) throws IOException {
        String[] operator = {""};
        rewrite(node, 0, (field, body, offset) -> {
            if (field == NODE_OPERATOR && body != null) {
                operator[0] = ByteString.copyFrom(body.duplicate()).toStringUtf8();
            }
            return new byte[0];
        });
        return operator[0];
    }

    /** Copies a message field by field, but puts in what the rewriter returns for a field. */
    private static byte[] rewrite(ByteBuffer message, long start, FieldRewriter rewriter) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(message.duplicate());
        ByteString.Output bytes = ByteString.newOutput();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int field = WireFormat.getTagFieldNumber(tag);
            if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                rewriteBody(message, start, in, out, field, rewriter);
            } else {
                rewriter.rewrite(field, null, 0);
                copyNumber(in, out, tag);
            }
        }
        out.flush();
        return bytes.toByteString().toByteArray();
    }

    private static void copyNumber(CodedInputStream in, CodedOutputStream out, int tag) throws IOException {
        int field = WireFormat.getTagFieldNumber(tag);
        switch (WireFormat.getTagWireType(tag)) {
            case WireFormat.WIRETYPE_VARINT -> out.writeUInt64(field, in.readRawVarint64());
            case WireFormat.WIRETYPE_FIXED64 -> out.writeFixed64(field, in.readRawLittleEndian64());
            case WireFormat.WIRETYPE_FIXED32 -> out.writeFixed32(field, in.readRawLittleEndian32());
            default -> throw new InvalidProtocolBufferException("field " + field + " has a form that ONNX never uses.");
        }
    }

    private static void rewriteBody(
            ByteBuffer message,
            long start,
            CodedInputStream in,
            CodedOutputStream out,
            int field,
            FieldRewriter rewriter)
            throws IOException {
        int length = in.readRawVarint32();
        int position = in.getTotalBytesRead();
        in.skipRawBytes(length);
        ByteBuffer body = message.slice(message.position() + position, length);
        byte[] replacement = rewriter.rewrite(field, body, start + position);
        if (replacement == null) {
            out.writeByteBuffer(field, body);
        } else {
            out.writeByteArray(field, replacement);
        }
    }

    /** Decides what becomes of one field. */
    private interface FieldRewriter {
        /**
         * @param body contents of a length-delimited field, null for a number
         * @param offset place of the body in the file
         * @return what to write instead, or null to copy the field
         */
        byte @Nullable [] rewrite(int field, @Nullable ByteBuffer body, long offset) throws IOException;
    }
}
