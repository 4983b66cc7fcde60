@NullMarked
package dev.linnet.controller.hook;

import org.jspecify.annotations.NullMarked;
