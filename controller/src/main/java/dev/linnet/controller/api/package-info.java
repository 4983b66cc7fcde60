/** The custom resources that the controller reads and writes, and what it keeps in them. */
@NullMarked
package dev.linnet.controller.api;

import org.jspecify.annotations.NullMarked;
