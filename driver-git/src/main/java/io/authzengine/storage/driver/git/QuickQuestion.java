package io.authzengine.storage.driver.git;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.transport.PacketLineIn;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.http.HttpConnection;

/**
 * Asks a server that speaks version 2 of git's protocol where some refs stand, without asking first what it can: one request instead of
 * two. Whatever is unexpected makes it step back for good, and the whole conversation is held instead.
 */
final class QuickQuestion {
    private static final int SERVER_ERROR = 500;
    private static final String SERVICE = "git-upload-pack";
    private static final String PEELED = "peeled:";

    private final GitHttp http;
    private final URI service;
    private boolean understood = true; // Written by the looking thread, one look at a time.

    QuickQuestion(GitHttp http, GitRemoteUrl remote) {
        this.http = http;
        this.service = URI.create(remote.toString().replaceAll("/+$", "") + "/" + SERVICE);
    }

    /** Returns the commit of the first of {@code names} that there is; empty if the whole conversation has to be held. */
    Optional<ObjectId> ask(List<String> names) {
        if (!understood) {
            return Optional.empty();
        }
        http.begin();
        try {
            Map<String, ObjectId> refs = answer(names);
            return names.stream().filter(refs::containsKey).map(refs::get).findFirst();
        } catch (IOException | IllegalArgumentException e) {
            // Told, if it matters, by the conversation that follows.
            understood = http.lastStatus() == 0 || http.lastStatus() >= SERVER_ERROR;
            return Optional.empty();
        }
    }

    private Map<String, ObjectId> answer(List<String> names) throws IOException {
        HttpConnection connection = http.create(service.toURL());
        connection.setRequestMethod("POST");
        connection.setRequestProperty("Content-Type", "application/x-" + SERVICE + "-request");
        connection.setRequestProperty("Accept", "application/x-" + SERVICE + "-result");
        connection.setRequestProperty("Git-Protocol", "version=2");
        PacketLineOut question = new PacketLineOut(connection.getOutputStream());
        question.writeString("command=ls-refs\n");
        question.writeDelim();
        question.writeString("peel\n");
        for (String name : names) {
            question.writeString("ref-prefix " + name + "\n");
        }
        question.end();
        if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
            throw new IOException("HTTP " + connection.getResponseCode());
        }
        Map<String, ObjectId> refs = new HashMap<>();
        try (var in = connection.getInputStream()) {
            PacketLineIn lines = new PacketLineIn(in);
            for (String line = lines.readString(); !PacketLineIn.isEnd(line); line = lines.readString()) {
                read(line, refs);
            }
        }
        return refs;
    }

    private static void read(String line, Map<String, ObjectId> refs) throws IOException {
        String[] words = line.split(" ", -1);
        if (words.length < 2) {
            throw new IOException("not a ref: " + line);
        }
        ObjectId id = ObjectId.fromString(words[0]);
        for (int i = 2; i < words.length; i++) {
            if (words[i].startsWith(PEELED)) {
                id = ObjectId.fromString(words[i].substring(PEELED.length()));
            }
        }
        refs.put(words[1], id);
    }
}
