package io.authzengine.storage.bundle;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Writes a tar archive that says nothing but names and contents, so that it is the same wherever and whenever it is made. */
final class TarWriter {
    private static final int NAME_LENGTH = 100;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private TarWriter() {}

    static byte[] write(Map<String, byte[]> entries) {
        TarWriter writer = new TarWriter();
        entries.forEach(writer::file);
        writer.out.writeBytes(new byte[2 * TarReader.BLOCK]);
        return writer.out.toByteArray();
    }

    private void file(String name, byte[] content) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        boolean plain = utf8.length <= NAME_LENGTH && utf8.length == name.length();
        if (!plain) {
            entry("long-name", 'x', record(name));
        }
        entry(plain ? name : "entry", '0', content);
    }

    /** Returns the record of a name, whose length counts its own digits. */
    private static byte[] record(String name) {
        byte[] rest = (" path=" + name + "\n").getBytes(StandardCharsets.UTF_8);
        int length = rest.length + 1;
        while (Integer.toString(length).length() + rest.length != length) {
            length++;
        }
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        record.writeBytes(Integer.toString(length).getBytes(StandardCharsets.US_ASCII));
        record.writeBytes(rest);
        return record.toByteArray();
    }

    private void entry(String name, char type, byte[] content) {
        byte[] header = new byte[TarReader.BLOCK];
        put(header, 0, name);
        put(header, 100, "0000644");
        put(header, 108, "0000000");
        put(header, 116, "0000000");
        put(header, 124, octal(content.length, 11));
        put(header, 136, "00000000000");
        put(header, 148, "        ");
        header[156] = (byte) type;
        put(header, 257, "ustar\00000");
        int sum = 0;
        for (byte value : header) {
            sum += value & 0xff;
        }
        put(header, 148, octal(sum, 6) + "\0 ");
        out.writeBytes(header);
        out.writeBytes(content);
        out.writeBytes(new byte[(TarReader.BLOCK - content.length % TarReader.BLOCK) % TarReader.BLOCK]);
    }

    private static String octal(int number, int digits) {
        String text = Integer.toOctalString(number);
        return "0".repeat(digits - text.length()) + text;
    }

    private static void put(byte[] header, int at, String text) {
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(ascii, 0, header, at, ascii.length);
    }
}
