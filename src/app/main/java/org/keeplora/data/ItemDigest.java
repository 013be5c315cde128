package org.keeplora.data;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;

/** SHA-256 of a list of items, in order. */
final class ItemDigest {
    private ItemDigest() {}

    /**
     * @param head digested first
     * @param facts the facts of an item to digest after its image's name
     * @return 64 hexadecimal digits
     */
    static String of(String head, List<Item> items, Function<Item, String> facts) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        digest.update((head + "\n").getBytes(StandardCharsets.UTF_8));
        items.forEach(item ->
                digest.update((item.image().id() + "\t" + facts.apply(item) + "\n").getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(digest.digest());
    }
}
