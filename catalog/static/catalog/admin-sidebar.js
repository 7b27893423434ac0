// Makes room for the open sidebar before the first paint. Django's script, which opens it, runs after the page is read.
"use strict";
if (localStorage.getItem("django.admin.navSidebarIsOpen") !== "false") document.getElementById("main").classList.add("shifted");
