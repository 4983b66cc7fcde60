/** {@code linnet controller}: its options, which are Flagger's, and the command. */
@NullMarked
package dev.linnet.cli.controller;

import org.jspecify.annotations.NullMarked;
