package org.corestack.cli.demo.register;

/**
 * What the table {@code characters} holds: one piece of the work.
 *
 * @param text the text to describe: a single character, or a user's or domain name
 */
public record CharacterRecord(String text) {}
