;;; As neovim.lua, in Emacs with Eglot.  -*- lexical-binding: t -*-
(require 'eglot)
(require 'flymake)
(load (expand-file-name "emacs.el" (file-name-directory load-file-name)))

(defun found ()
  "Rules and lines that are reported in this buffer."
  (sort (mapcar (lambda (it)
                  (format "%s:%s"
                          (and (string-match "[a-z]+/[a-z-]+" (flymake-diagnostic-text it))
                               (match-string 0 (flymake-diagnostic-text it)))
                          (line-number-at-pos (flymake-diagnostic-beg it))))
                (flymake-diagnostics))
        #'string<))

(find-file (getenv "NIPPY_TRIED"))
(eglot-ensure)
;; What a user's next key would do.
(run-hooks 'post-command-hook)
(until "findings" #'found)

(let* ((before (found))
       (server (eglot-current-server))
       (hover (progn
                (place 5 31)
                (plist-get (plist-get (jsonrpc-request server :textDocument/hover (eglot--TextDocumentPositionParams))
                                      :contents)
                           :value))))
  (place 10 14)
  ;; A choice is made by keys, not in a menu of the mouse.
  (cl-letf ((last-nonmenu-event ?a)
            ((symbol-function 'completing-read)
             (lambda (_prompt titles &rest _)
               (seq-find (lambda (it) (string-prefix-p "Add await" it)) (all-completions "" titles)))))
    (eglot-code-actions (line-beginning-position) (line-end-position) "quickfix" t))
  (until "the quick fix" (lambda () (string-match "await" (buffer-string))))
  (eglot--signal-textDocument/didChange)
  (until "news" (lambda () (flymake-start) (< (length (found)) (length before))))
  (tell before hover (found)))
