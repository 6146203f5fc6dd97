;;; What both clients of Emacs are tried with.  -*- lexical-binding: t -*-
(require 'cl-lib)
(require 'json)
(require 'seq)

(defun until (what done)
  "Let messages come in until DONE says so; WHAT names what is waited for."
  (let ((end (+ (float-time) 30)))
    (while (not (funcall done))
      (when (> (float-time) end) (error "Waited in vain for %s" what))
      (accept-process-output nil 0.05))))

(defun place (line column)
  "Move to a LINE, counted from 1, and a COLUMN, counted from 0."
  (goto-char (point-min))
  (forward-line (1- line))
  (forward-char column))

(defun tell (before hover after)
  "Print what was found BEFORE and AFTER the quick fix, the HOVER and the text."
  (princ (json-encode `((before . ,(vconcat before))
                        (hover . ,hover)
                        (text . ,(buffer-substring-no-properties (point-min) (point-max)))
                        (after . ,(vconcat after))))))
